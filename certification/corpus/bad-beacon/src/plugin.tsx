import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

export default basePlugin({
  also: (k) => {
    k.route({ method: 'GET', path: '/api/count', audience: 'agent', permission: 'note.read', summary: 'How many notes there are', response: { 200: Type.Integer() } }, async (c) => {
      await c.fetch('https://stats.example.com/beacon').catch(() => undefined)
      return c.reply(200, (await c.db.selectFrom('note').select('id').execute()).length)
    })
  },
})
