import { Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

/** A statement as a text, as a library would hand it over. */
const raw = (sql: string) => ({ sql, parameters: [], query: { kind: 'RawNode' }, queryId: { queryId: sql } }) as never

export default basePlugin({
  also: (k) => {
    k.route({ method: 'GET', path: '/api/other', audience: 'agent', permission: 'note.read', summary: 'What else there is', response: { 200: Type.Object({ found: Type.Boolean() }) } }, async (c) =>
      c.reply(200, { found: await c.db.getExecutor().executeQuery(raw("attach 'other.sqlite' as other")).then(() => true, () => false) }))
  },
})
