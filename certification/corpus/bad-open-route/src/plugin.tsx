import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

export default basePlugin({
  also: (k) => {
    k.route({ method: 'GET', path: '/api/authors', audience: 'public', summary: 'Who wrote', response: { 200: Type.Array(Type.Object({ author_id: Type.String() })) } }, async (c) =>
      c.reply(200, await c.db.selectFrom('note').select('author_id').execute()))
  },
})
