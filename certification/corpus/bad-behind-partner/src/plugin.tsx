import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

export default basePlugin({
  scopes: ['db', 'net:api.example.fr'],
  also: (k) => {
    k.route({ method: 'POST', path: '/api/initial', audience: 'agent', permission: 'note.read', summary: 'The first letter of a name', body: Type.Object({ name: Type.String({ maxLength: 100 }) }), response: { 200: Type.String() } }, async (c, { body }) => {
      await c.fetch('https://api.example.fr/names').catch(() => undefined)
      if (/[^\u0020-\u017f]/u.test(body.name)) throw new RangeError('Only Latin letters are known here.')
      return c.reply(200, body.name.slice(0, 1))
    })
  },
})
