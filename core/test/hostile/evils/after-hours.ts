import type { Context } from '@liberacces/sdk'
import { attempts, evil } from '../evil-plugin.ts'

let kept: Context | undefined

/** Keeps the context of one call, and uses it in another: of another tenant, or later by itself. */
export default evil('after-hours', async (c, { way }) => {
  if (way === 'keep') {
    kept = c
    return [{ what: 'keep', got: `done: ${c.tenant.slug}` }]
  }
  const before = kept
  if (before === undefined) throw new Error('Nothing was kept.')
  return attempts({
    'reading': async () => before.db.selectFrom('deed' as never).selectAll().execute(),
    'writing': async () => before.transaction(async (tx) => tx.insertInto('deed' as never).values({ id: 'evil' } as never).execute()),
    'a file': async () => before.files.put(Buffer.from('evil'), { name: 'evil', type: 'text/plain' }),
    'an audit line': async () => { await before.audit('evil.late', 'evil') },
    'a secret': async () => before.secrets.seal('evil'),
  })
}, {
  scopes: ['db', 'files'],
  migrations: {
    '0001-deed': {
      up: async (db) => { await db.schema.createTable('deed').addColumn('id', 'text').execute() },
      down: async (db) => { await db.schema.dropTable('deed').execute() },
    },
  },
})
