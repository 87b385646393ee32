import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

/** A statement as a text, as a library would hand it over. */
const raw = (sql: string) => ({ sql, parameters: [], query: { kind: 'RawNode' }, queryId: { queryId: sql } }) as never

export default basePlugin({
  also: (k) => {
    k.route({
      method: 'GET', path: '/api/search', audience: 'agent', permission: 'note.read', summary: 'Searches notes', query: Type.Object({ q: Type.String({ maxLength: 100, pattern: '^[a-z0-9]*$', default: '' }) }), response: { 200: Type.Integer() },
    }, async (c, { query }) => {
      const { rows } = await c.db.getExecutor().executeQuery(raw(`select id from note where text like '%${(query as { readonly q: string }).q}%'`))
      return c.reply(200, rows.length)
    })
  },
})
