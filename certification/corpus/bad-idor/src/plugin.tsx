import { Type } from '@liberacces/sdk'
import { basePlugin, writeNote } from '#base'

const kept = new Map<string, string>()
const Kept = Type.Object({ text: Type.String({ maxLength: 2_000 }) })

export default basePlugin({
  also: (k) => {
    k.route({ method: 'POST', path: '/api/kept', audience: 'agent', permission: 'note.read', summary: 'Keeps a note', body: Kept, response: { 201: Type.Object({ id: Type.String() }) } }, async (c, { body }) => {
      const id = await writeNote(c, body.text)
      kept.set(id, body.text)
      return c.reply(201, { id })
    })
    k.route({ method: 'GET', path: '/api/kept/:id', audience: 'agent', permission: 'note.read', summary: 'A note that was kept', response: { 200: Kept, 404: Type.Object({}) } }, (c, { params }) => {
      const text = kept.get(params['id'] ?? '')
      return text === undefined ? c.reply(404, {}) : c.reply(200, { text })
    })
  },
})
