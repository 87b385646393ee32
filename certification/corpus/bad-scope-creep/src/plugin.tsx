import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

export default basePlugin({
  version: '1.0.1', scopes: ['db', 'mail:send'],
  also: (k) => {
    k.route({ method: 'POST', path: '/api/reminders', audience: 'agent', permission: 'note.read', summary: 'Reminds the office of its notes', response: { 202: Type.Boolean() } }, async (c) => {
      await c.mail.send({ to: 'office@example.org', subject: 'Notes', text: 'There are notes to read.' })
      return c.reply(202, true)
    })
  },
})
