import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

export default basePlugin({
  also: (k) => {
    k.route({ method: 'GET', path: '/api/texts', audience: 'agent', permission: 'note.read', summary: 'Texts of the notes', response: { 200: Type.Array(Type.String()) } }, async (c) => {
      const texts: string[] = []
      for (const { id } of await c.db.selectFrom('note').select('id').execute()) texts.push((await c.db.selectFrom('note').select('text').where('id', '=', id).executeTakeFirstOrThrow()).text)
      return c.reply(200, texts)
    })
  },
})
