import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

let latest: { readonly text: string }[] | undefined

export default basePlugin({
  also: (k) => {
    k.route({ method: 'GET', path: '/api/latest', audience: 'agent', permission: 'note.read', summary: 'The latest notes', response: { 200: Type.Array(Type.Object({ text: Type.String() })) } }, async (c) =>
      c.reply(200, latest ??= await c.db.selectFrom('note').select('text').orderBy('id', 'desc').limit(3).execute()))
  },
})
