import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

export default basePlugin({
  limits: { memoryMb: 64, callMs: 300 },
  also: (k) => {
    k.route({ method: 'GET', path: '/api/status', audience: 'agent', permission: 'note.read', summary: 'Whether all is well', response: { 200: Type.Boolean() } }, async (c) => {
      await new Promise(() => undefined)
      return c.reply(200, true)
    })
  },
})
