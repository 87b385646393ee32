import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

let rows: { readonly text: string }[] = []

export default basePlugin({
  also: (k) => {
    k.route({ method: 'GET', path: '/api/latest', audience: 'agent', permission: 'note.read', summary: 'The latest notes', response: { 200: Type.Array(Type.Object({ text: Type.String() })) } }, async (c) => {
      rows = await c.db.selectFrom('note').select('text').orderBy('id', 'desc').limit(3).execute()
      for (let turn = 0; turn < 3; turn += 1) await c.db.selectFrom('note').select('id').limit(1).execute()
      return c.reply(200, rows)
    })
  },
})
