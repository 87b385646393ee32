import { definePlugin } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'
import { notesPlugin, readerPlugin } from './notes-plugin.tsx'
import { COMMON, NOTE_MIGRATIONS } from './plugin-parts.ts'

const PLUGINS = ['fr.test.notes', 'fr.test.reader']

/** What is on record of a plugin at a tenant, times aside. */
async function recordOf({ platform }: Kernel, tenantId: string) {
  const { storage, audit } = platform
  const of = (table: 'installation' | 'consent') => storage.platform.selectFrom(table).selectAll().where('tenant_id', '=', tenantId).orderBy('plugin_id').execute()
  const forget = ({ tenant_id: _tenant, since: _since, decided_at: _at, ...row }: Record<string, unknown>): object => row
  const actions = (await audit.list(tenantId, { limit: 100 })).map(({ action, target, actor }) => `${action} ${target} by ${actor.name}`)
  return {
    installations: (await of('installation')).map(forget), consents: (await of('consent')).map(forget), releases: platform.installations.modules(tenantId).releases,
    audit: actions.filter((line) => /^(?:plugin\.enabled|consent\.granted)/.test(line)).toSorted(),
  }
}

test('[Z7] switched on for many, each tenant stands as if it had been switched on by itself, and no store is made', async () => {
  await using kernel = await startKernel({ plugins: [notesPlugin, readerPlugin], tenants: 6, enable: [] })
  const { installations, storage } = kernel.platform
  const ids = Array.from({ length: 6 }, (_, index) => kernel.tenantId(index))
  const [alone = '', before = ''] = ids
  await installations.enableTogether(alone, PLUGINS, OPERATOR)
  await installations.enable(before, 'fr.test.notes', '*', OPERATOR)
  await installations.disable(before, 'fr.test.notes', OPERATOR)
  const opened = storage.stats.openedTotal
  const seen: number[] = []
  const done = await installations.enableMany(ids, PLUGINS, OPERATOR, { progress: (count) => { seen.push(count) } })
  expect([done, seen.at(-1)]).toEqual([{ tenants: 6, problems: [] }, 6])
  const expected = await recordOf(kernel, alone)
  expect(expected.installations).toHaveLength(2)
  for (const id of ids.slice(2)) expect(await recordOf(kernel, id)).toEqual(expected)
  expect((await installations.list(before)).map(({ state }) => state)).toEqual(['active', 'active'])
  expect([storage.stats.openedTotal - opened, await storage.storesOf(kernel.tenantId(3))]).toEqual([0, []])
  expect((await kernel.visitor(3).get('/apps/reader/any')).status).toBe(200)
  await kernel.restart()
  expect(await recordOf(kernel, kernel.tenantId(4))).toMatchObject({ installations: expected.installations })
  expect((await kernel.visitor(4).get('/apps/reader/any')).status).toBe(200)
})

test('[Z7] what may not be switched on is told for each tenant, and a migration that throws switches nothing on', async () => {
  const broken = definePlugin()({
    ...COMMON, id: 'fr.test.broken', path: 'broken', title: { fr: 'Cassé' }, scopes: ['db'], messages: { fr: {}, en: {} },
    migrations: { ...NOTE_MIGRATIONS, '0002-broken': { up: async () => { throw new Error('power') }, down: async () => undefined } },
    setup: () => undefined,
  })
  await using kernel = await startKernel({ plugins: [notesPlugin, readerPlugin, broken], tenants: 3, enable: [] })
  const { installations } = kernel.platform
  const ids = [0, 1, 2].map((index) => kernel.tenantId(index))
  const codes = async (plugins: readonly string[]) => (await installations.enableMany(ids, plugins, OPERATOR)).problems.map(({ tenantId, error }) => [tenantId, error.code])
  expect(await codes(['fr.test.broken'])).toEqual(ids.map((id) => [id, 'MIGRATION_FAILED']))
  expect(await codes(['fr.test.reader'])).toEqual(ids.map((id) => [id, 'PLUGIN_NEED_MISSING']))
  for (const id of ids) expect(await installations.list(id)).toEqual([])
})
