// What PostgreSQL alone refuses, or keeps, must be found by a rehearsal there: so these run on it whatever the others run on.
import type { Database, Migrations } from '@liberacces/sdk'
import { expect, test, vi } from 'vitest'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'
import { LEDGER, LEDGER_ID, ledger } from './ledger-plugin.ts'

const { first, colour } = LEDGER
const FIRST = first.migrations as Migrations

/** SQLite makes 0 of a text that is no number; PostgreSQL refuses it. */
const COUNTING: Migrations = {
  ...FIRST,
  '0002-number': {
    up: async (db) => {
      await db.schema.alterTable('entry').addColumn('number', 'integer').execute()
      await db.updateTable('entry').set((make) => ({ number: make.cast('text', 'integer') })).execute()
    },
    down: async (db) => { await db.schema.alterTable('entry').dropColumn('number').execute() },
  },
}
/** Its way back forgets an index. */
const INDEXED: Migrations = {
  ...FIRST,
  '0002-index': { up: async (db) => { await db.schema.createIndex('entry_text').on('entry').column('text').execute() }, down: async () => undefined },
}

async function onPostgres(...more: readonly ReturnType<typeof ledger>[]): Promise<Kernel> {
  vi.stubEnv('LIBERACCES_TEST_DATABASE', 'postgres')
  const kernel = await startKernel({ plugins: [first, ...more], enable: [] })
  await kernel.platform.installations.enable(kernel.tenantId(), LEDGER_ID, '1.0.0', OPERATOR)
  expect((await kernel.visitor().post('/apps/ledger/entries', { id: 'a' })).status).toBe(201)
  return kernel
}

const rehearse = (kernel: Kernel, range: string) => kernel.platform.installations.rehearse(kernel.tenantId(), LEDGER_ID, { range, by: OPERATOR })
const read = async (kernel: Kernel): Promise<unknown> => (await kernel.visitor().get('/apps/ledger/entries')).json()
/** Places that are no tenant's, but the one where new stores are tried. */
const places = async ({ platform: { storage } }: Kernel): Promise<readonly unknown[]> =>
  await (storage.platform.withSchema('liberacces_internal') as unknown as Database<{ store: { tenant_id: string; plugin_id: string } }>).selectFrom('store').select('plugin_id')
    .where('tenant_id', '=', 'liberacces').where('plugin_id', '!=', 'rehearsal').execute()

test('[J73] a rehearsal on PostgreSQL finds what PostgreSQL alone refuses, and the tenant notices nothing', async () => {
  await using kernel = await onPostgres(ledger({ version: '1.1.0', migrations: COUNTING }))
  const sizes = await kernel.platform.storage.sizesOf(kernel.tenantId())
  const had = await kernel.platform.storage.platform.selectFrom('migration').selectAll().execute()
  expect(await rehearse(kernel, '1.1.0')).toMatchObject({ go: false, to: '1.1.0', problems: [{ code: 'MIGRATION_FAILED', message: expect.stringMatching(/0002-number.*invalid input syntax/) }] })
  expect([await read(kernel), await kernel.platform.storage.sizesOf(kernel.tenantId()), await places(kernel)]).toEqual([{ release: '1.0.0', ids: ['a'] }, sizes, []])
  expect(await kernel.platform.storage.platform.selectFrom('migration').selectAll().execute()).toEqual(had)
  await expect(kernel.platform.installations.upgrade(kernel.tenantId(), LEDGER_ID, { range: '1.1.0', by: OPERATOR })).rejects.toMatchObject({ code: 'MIGRATION_FAILED' })
})

test('[J73] a rehearsal on PostgreSQL has the release look over the data as its migrations left it', async () => {
  await using kernel = await onPostgres(colour, LEDGER.unhappy)
  expect(await rehearse(kernel, '1.1.0')).toMatchObject({ go: true, migrations: ['0002-colour'], problems: [] })
  expect(await rehearse(kernel, '1.3.0')).toMatchObject({ go: false, problems: [{ code: 'PLUGIN_CALL_FAILED', message: expect.stringContaining('an entry has no colour') }] })
  expect([await read(kernel), await places(kernel)]).toEqual([{ release: '1.0.0', ids: ['a'] }, []])
})

test('[J74] whether migrations can be taken back is tried on PostgreSQL: a way back that leaves an index behind is none', async () => {
  await using kernel = await onPostgres(ledger({ version: '1.1.0', migrations: INDEXED }))
  await kernel.platform.installations.upgrade(kernel.tenantId(), LEDGER_ID, { range: '1.1.0', by: OPERATOR })
  expect((await kernel.visitor().post('/apps/ledger/entries', { id: 'b' })).status).toBe(201)
  await expect(kernel.platform.installations.rollback(kernel.tenantId(), LEDGER_ID, { discardChanges: false, by: OPERATOR })).rejects.toMatchObject({ code: 'ROLLBACK_LOSES_DATA', message: expect.stringContaining('0002-index') })
  expect(await places(kernel)).toEqual([])
})
