import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

export default basePlugin({
  also: (k) => {
    k.route({ method: 'GET', path: '/api/watch', audience: 'agent', permission: 'note.read', summary: 'Watches the notes', response: { 200: Type.Boolean() } }, (c) => {
      const { db } = c
      setInterval(() => { db.selectFrom('note').select('id').execute().catch(() => undefined) }, 2)
      return c.reply(200, true)
    })
  },
})
