import { definePlugin, type Migrations, type Plugin } from '@liberacces/sdk'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { givenPlugin } from '../../src/catalogue/plugin-source.ts'
import { BY, exportedCommune, exportTo, openPlace, post, copiesOf, NOTICES, MIRROR, makeCommune } from './leaving-kit.ts'

const ID = 'fr.test.shelf'
const FIRST: Migrations = {
  '0001-book': {
    up: async (db) => { await db.schema.createTable('book').addColumn('id', 'text', (column) => column.primaryKey()).execute() },
    down: async (db) => { await db.schema.dropTable('book').execute() },
  },
}

function shelf(version: string, more: { readonly migrations?: Migrations; readonly scopes?: readonly string[] } = {}): Plugin {
  return definePlugin()({
    id: ID, version, path: 'shelf', sdk: '*', license: 'MIT', title: { fr: 'Étagère' }, publisher: { name: 'Test', contact: 'x' },
    runtime: 'inline', scopes: (more.scopes ?? ['db']) as ['db'], privacy: { stores: [] }, messages: { fr: {}, en: {} }, migrations: { ...FIRST, ...more.migrations },
    setup: () => undefined,
  }) as Plugin
}

const TITLED: Migrations = {
  '0002-title': {
    up: async (db) => { await db.schema.alterTable('book').addColumn('title', 'text', (column) => column.notNull().defaultTo('sans titre')).execute() },
    down: async (db) => { await db.schema.alterTable('book').dropColumn('title').execute() },
  },
}

async function shelfExport(): Promise<{ readonly file: string; readonly id: string }> {
  const { platform, folder, stop } = await openPlace({ plugins: [givenPlugin(shelf('1.0.0'))] })
  const { id } = await platform.tenants.create({ kind: 'commune', name: 'Commune', slug: 'commune' }, BY)
  await platform.installations.enable(id, ID, '*', BY)
  await platform.storage.store({ tenantId: id, pluginId: ID }).db.insertInto('book').values({ id: 'b-1' }).execute()
  const file = join(folder, 'x.tar')
  await exportTo(platform, file, 'commune')
  await stop()
  return { file, id }
}

test('[X12] a newer release takes over the data, migrated before the platform is touched', async () => {
  const { file, id } = await shelfExport()
  const { platform } = await openPlace({ plugins: [givenPlugin(shelf('1.1.0', { migrations: TITLED }))] })
  const { plugins } = await platform.leaving.import({ file }, BY)
  expect(plugins).toMatchObject([{ id: ID, before: '1.0.0', version: '1.1.0' }])
  expect(await platform.storage.store({ tenantId: id, pluginId: ID }).db.selectFrom('book').selectAll().execute()).toEqual([{ id: 'b-1', title: 'sans titre' }])
  expect(await platform.installations.list(id)).toMatchObject([{ pluginId: ID, version: '1.1.0', state: 'active' }])
})

const VIEWED: Migrations = {
  '0002-view': {
    up: async (db) => { await db.schema.createView('shelved').as(db.selectFrom('book').select('id')).execute() },
    down: async (db) => { await db.schema.dropView('shelved').execute() },
  },
}

test.each([['active', '1.0.0'], ['inactive', '1.0.0'], ['active', '1.1.0']])('[X12] what runs by itself in a database comes along where a migration has made it: %s, with %s here', async (state, version) => {
  const { platform, folder } = await openPlace({ plugins: [givenPlugin(shelf('1.0.0', { migrations: VIEWED }))] })
  const { id } = await platform.tenants.create({ kind: 'commune', name: 'Commune', slug: 'commune' }, BY)
  await platform.installations.enable(id, ID, '*', BY)
  await platform.storage.store({ tenantId: id, pluginId: ID }).db.insertInto('book').values({ id: 'b-1' }).execute()
  if (state === 'inactive') await platform.installations.disable(id, ID, BY)
  const file = join(folder, 'x.tar')
  await exportTo(platform, file, 'commune')
  const unviewed: Migrations = { '0003-unview': { up: async (db) => { await db.schema.dropView('shelved').execute() }, down: async () => undefined } }
  const here = await openPlace({ plugins: [givenPlugin(shelf(version, { migrations: version === '1.0.0' ? VIEWED : { ...VIEWED, ...unviewed } }))] })
  await here.platform.leaving.import({ file }, BY)
  expect(await here.platform.installations.list(id)).toMatchObject([{ version, state }])
  const viewed = await here.platform.storage.store({ tenantId: id, pluginId: ID }).db.selectFrom('shelved').selectAll().execute().catch(() => 'gone')
  expect(viewed).toEqual(version === '1.0.0' ? [{ id: 'b-1' }] : 'gone')
})

test('[X12] of an exact and a newer release the exact one is taken', async () => {
  const { file, id } = await shelfExport()
  const { platform } = await openPlace({ plugins: [givenPlugin(shelf('1.1.0', { migrations: TITLED })), givenPlugin(shelf('1.0.0'))] })
  await platform.leaving.import({ file }, BY)
  expect(await platform.installations.list(id)).toMatchObject([{ version: '1.0.0', state: 'active' }])
})

test('[X12] a newer release whose migration throws refuses the import, and nothing of it stays', async () => {
  const { file, id } = await shelfExport()
  const broken: Migrations = { '0002-broken': { up: async (db) => { await db.schema.dropTable('book').execute(); throw new Error('halfway') }, down: async () => undefined } }
  const { platform, folder } = await openPlace({ plugins: [givenPlugin(shelf('1.1.0', { migrations: broken }))] })
  await expect(platform.leaving.import({ file }, BY)).rejects.toMatchObject({ code: 'MIGRATION_FAILED' })
  expect(platform.tenants.byId(id)).toBeUndefined()
  expect(readdirSync(join(folder, 'leaving'))).toEqual([])
})

test('[X12] a newer release that would do more waits for consent', async () => {
  const { file } = await shelfExport()
  const { platform } = await openPlace({ plugins: [givenPlugin(shelf('1.1.0', { scopes: ['db', 'files'] }))] })
  await expect(platform.leaving.import({ file }, BY)).rejects.toMatchObject({ code: 'PLUGIN_CONSENT_NEEDED', message: expect.stringContaining('files') as string })
  const { plugins } = await platform.leaving.import({ file, acceptScopes: true }, BY)
  expect(plugins).toMatchObject([{ version: '1.1.0' }])
})

test('[X13] undelivered events travel with the data and are delivered at the new place, once', async () => {
  const { file, id } = await exportedCommune()
  const { platform } = await openPlace()
  await platform.leaving.import({ file }, BY)
  expect(await copiesOf(platform, id)).toEqual([])
  await platform.listen()
  await platform.events.settle()
  expect(await copiesOf(platform, id)).toEqual(['premier'])
  await platform.events.settle()
  expect(await platform.events.list(id, { limit: 10 })).toMatchObject([{ eventId: 'event-premier', status: 'delivered', subscriber: MIRROR }])
})

test('[X13] a tenant that is exported while it works comes over as of one moment: each event has its effect exactly once', { timeout: 60_000 }, async () => {
  const { platform, folder, stop } = await openPlace()
  const id = await makeCommune(platform)
  await platform.listen()
  let isDone = false
  let count = 0
  const working = (async () => {
    while (!isDone) {
      count += 1
      await post(platform, id, `n-${String(count).padStart(5, '0')}`)
      await new Promise((resolve) => { setTimeout(resolve, 1) })
    }
  })()
  const files = []
  for (const name of ['a.tar', 'b.tar.gz', 'c.tar']) {
    await exportTo(platform, join(folder, name))
    files.push(join(folder, name))
  }
  isDone = true
  await working
  await stop()
  for (const file of files) {
    const other = await openPlace()
    await other.platform.leaving.import({ file }, BY)
    const posted = (await other.platform.storage.store({ tenantId: id, pluginId: NOTICES }).db.selectFrom('notice').select('id').orderBy('id').execute()).map((row) => String(row['id']))
    await other.platform.listen()
    await other.platform.events.settle()
    expect(await copiesOf(other.platform, id)).toEqual(posted)
    expect((await other.platform.events.list(id, { status: 'dead', limit: 10 }))).toEqual([])
    await other.stop()
  }
  expect(count).toBeGreaterThan(3)
})
