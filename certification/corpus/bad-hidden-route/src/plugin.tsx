import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

export default basePlugin({
  also: (k) => {
    k.route({ method: 'GET', path: '/api/dump', audience: 'agent', permission: 'note.read', summary: 'All notes', response: { 200: Type.Any() } }, async (c) => c.reply(200, await c.db.selectFrom('note').select(['id', 'text']).execute()))
  },
})
