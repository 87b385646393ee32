import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

export default basePlugin({
  also: (k) => {
    k.route({ method: 'POST', path: '/api/initial', audience: 'agent', permission: 'note.read', summary: 'The first letter of a name', body: Type.Object({ name: Type.String({ maxLength: 100 }) }), response: { 200: Type.String(), 500: Type.String() } }, (c, { body }) => (
      /[^\u0020-\u017f]/u.test(body.name) ? c.reply(500, 'Only Latin letters are known here.') : c.reply(200, body.name.slice(0, 1))
    ))
  },
})
