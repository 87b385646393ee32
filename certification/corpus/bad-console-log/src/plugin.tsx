import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

export default basePlugin({
  also: (k) => {
    k.route({ method: 'GET', path: '/api/ping', audience: 'agent', permission: 'note.read', summary: 'Whether it answers', response: { 200: Type.Boolean() } }, (c) => {
      console.log('ping')
      return c.reply(200, true)
    })
  },
})
