import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { examineArchive } from '../../src/catalogue/archive/examine-archive.ts'
import { restoreBackup } from '../../src/backup/restore-backup.ts'
import { readConfig } from '../../src/config.ts'
import { Halts } from '../../src/health/halts.ts'
import { createJournal, type Operation } from '../../src/lifecycle/journal.ts'
import { NodePeers } from '../../src/nodes/node-peers.ts'
import type { ToldBulletin } from '../../src/nodes/told-bulletin.ts'
import { createPlatform, type Platform } from '../../src/platform.ts'
import { openApplications } from '../../src/remote/applications.ts'
import { createSealer } from '../../src/secrets/sealer.ts'
import { createKeptFiles } from '../../src/storage/kept-files.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { shareDisk } from '../../src/testing/one-disk.ts'
import { archiveFile } from '../catalogue/releases-kit.ts'
import { databaseOfTest, postgresStorage } from '../storage/postgres-database.ts'
import { FakeOutside, temporaryFolder } from '../storage/temporary-storage.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const audit = { record: async () => undefined, list: async () => [] } as never

const APPLICATION = {
  protocol: 1, privacy: { stores: [] }, contributions: [],
  plugin: {
    id: 'org.example.counter', version: '1.0.0', path: 'counter', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Compteur' }, publisher: { name: 'Test', contact: 'https://example.org' },
    scopes: [], messages: { fr: {}, en: {} },
  },
  endpoints: [{ kind: 'route', method: 'GET', path: '/number', audience: 'public', summary: 'Un nombre', response: { 200: { type: 'integer' } } }],
}

async function tenant(storage: Storage): Promise<string> {
  await storage.platform.insertInto('tenant').values({ id: 't', slug: 't', name: 't', kind: 'commune', parent_id: null, siren: null, insee: null, population: null, created_at: 0 }).execute()
  return 't'
}

test('[M61] an acknowledgement that comes late, or at the very moment at which the change ends, leaves nothing behind', { timeout: 60_000 }, async () => {
  const storage = await postgresStorage()
  const tenantId = await tenant(storage)
  const bulletin = {} as ToldBulletin
  const [one, two] = [createJournal(storage, 'one'), new NodePeers({ own: 'two', storage, bulletin })]
  const acks = () => storage.platform.selectFrom('operation_ack').selectAll().execute()
  for (let round = 0; round < 10; round += 1) {
    const operation: Operation = { tenantId, pluginId: 'fr.test.board', kind: 'upgrade', phase: 'begun', startedAt: round, by: BY }
    await storage.platformTransaction((tx) => one.begin(operation, tx))
    await two.acknowledge(operation)
    await two.acknowledge(operation)
    expect(await acks()).toMatchObject([{ node_id: 'two', started_at: round }])
    await Promise.all([two.acknowledge(operation), storage.platformTransaction((tx) => one.end(operation, tx)), two.acknowledge(operation)])
    await two.acknowledge(operation)
    expect(await acks()).toEqual([])
  }
})

/** A storage whose reads of one table are answered when the test says so, with what they found before. */
function answeredLater(storage: Storage): { readonly storage: Storage; readonly hold: () => () => void } {
  let gate: Promise<void> | undefined
  const selectFrom = (table: never) => ({ selectAll: () => ({ execute: async () => {
    const waiting = gate
    const rows = await storage.platform.selectFrom(table).selectAll().execute()
    await waiting
    return rows
  } }) })
  const platform = new Proxy(storage.platform, { get: (target, name) => (name === 'selectFrom' ? selectFrom : Reflect.get(target, name, target) as unknown) })
  return {
    storage: { ...storage, platform },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return () => {
        gate = undefined
        resolve()
      }
    },
  }
}

test('[M62] of two reads that overlap the later one stands: what was stopped meanwhile is stopped, what was added meanwhile is known', async () => {
  const real = await postgresStorage()
  const slow = answeredLater(real)
  const open = (storage: Storage) => Halts.open({ storage, outside: new FakeOutside(), record: { audit: () => audit, poolId: () => 'pool', versionsOf: () => ['1.0.0'] } })
  const [here, there] = [await open(slow.storage), await open(real)]
  const release = slow.hold()
  const early = here.held.reload(undefined)
  await real.platform.selectFrom('plugin_halt').selectAll().execute()
  await there.stop('fr.test.board', undefined, 'a leak', BY)
  const late = here.held.reload(undefined)
  await real.platform.selectFrom('plugin_halt').selectAll().execute()
  release()
  await Promise.all([early, late])
  expect(here.find('fr.test.board', '1.0.0')).toEqual(there.find('fr.test.board', '1.0.0'))
  expect(here.find('fr.test.board', '1.0.0')?.reason).toBe('a leak')
})

test('[M62] however two nodes stop and start at the same time, both end with what is on record', async () => {
  const storages = [await postgresStorage()]
  const real = storages[0] as Storage
  const open = () => Halts.open({ storage: real, outside: new FakeOutside(), record: { audit: () => audit, poolId: () => 'pool', versionsOf: () => ['1.0.0'] } })
  const nodes = [await open(), await open()]
  const settled = (error: unknown): void => { expect(error).toMatchObject({ code: 'PLUGIN_STATE' }) }
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(nodes.flatMap((node, index) => [
      node.stop('fr.test.board', undefined, `${round} ${index}`, BY), node.quarantine('fr.test.board', '1.0.0', 'crashes', BY), node.start('fr.test.board', undefined, BY).catch(settled), node.held.reload(undefined),
    ]))
    // Each hears of what the other has changed.
    await Promise.all(nodes.map((node) => node.held.reload(undefined)))
    const rows = await real.platform.selectFrom('plugin_halt').select(['kind', 'version', 'reason']).execute()
    const recorded = rows.map(({ kind, version, reason }) => `${kind} ${version} ${reason}`).toSorted()
    for (const node of nodes) expect(node.all.map(({ kind, version = '', reason }) => `${kind} ${version} ${reason}`).toSorted()).toEqual(recorded)
  }
})

test('[M63] of two nodes that add an application at the same moment one is told its secret, and both call it by that', { timeout: 60_000 }, async () => {
  const storage = await postgresStorage()
  const sealer = createSealer(randomBytes(32), (length) => randomBytes(length))
  const outside = Object.assign(new FakeOutside(), { randomBytes: (length: number) => randomBytes(length) })
  const take = async (archive: Buffer) => {
    const examined = await examineArchive(archive, 's', async () => undefined)
    if (!examined.ok) throw examined.problems[0] ?? new Error('It is wrong.')
    const { manifest } = examined
    await storage.platform.insertInto('release').values({ id: manifest.id, version: manifest.version, digest: 'd', manifest_json: '{}', source: 's', bytes: 1, installed_at: 0, installed_by: 'x' }).onConflict((conflict) => conflict.doNothing()).execute()
    return { id: manifest.id, version: manifest.version, digest: 'd', source: 's', manifest, isKnown: false, label: {} }
  }
  const open = () => openApplications({ storage, outside, audit, sealer, releases: { take }, poolId: () => 'pool', describe: async () => APPLICATION, checkAddress: async () => undefined })
  const nodes = [await open(), await open()]
  const add = (more: { readonly renew?: boolean } = {}) => Promise.all(nodes.map((node) => node.add('https://app.example.org', more, BY)))
  const secretsOf = async (): Promise<readonly (readonly string[])[]> => {
    await Promise.all(nodes.map((node) => node.held.reload(undefined)))
    return nodes.map((node) => node.find('org.example.counter').secrets)
  }
  const told = (await add()).flatMap(({ secret }) => secret ?? [])
  expect(told).toHaveLength(1)
  expect(await secretsOf()).toEqual([told, told])
  // Both make another one: the last two that were made stand, and each was told to somebody.
  const renewed = (await add({ renew: true })).flatMap(({ secret }) => secret ?? [])
  const [after = [], other] = await secretsOf()
  expect([after.toSorted(), other]).toEqual([renewed.toSorted(), after])
  expect((await add()).map(({ secret }) => secret)).toEqual([undefined, undefined])
})

/** Two nodes without plugins, and a folder of their own to write into. */
async function twoNodes(): Promise<{ readonly nodes: readonly [Platform, Platform]; readonly folder: string }> {
  const [folder, disk, url] = [temporaryFolder(), temporaryFolder(), await databaseOfTest()]
  const secretFile = join(folder, 'secret.txt')
  await writeFile(secretFile, randomBytes(32).toString('hex'))
  const open = async (): Promise<Platform> => {
    const data = temporaryFolder()
    shareDisk(data, disk)
    const platform = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: data, LIBERACCES_DATABASE_URL: url, LIBERACCES_SECRET_FILE: secretFile, LIBERACCES_LOG: 'silent', LIBERACCES_RUNTIME: 'inline' }, data), plugins: [] })
    onTestFinished(async () => { await platform.stop() })
    return platform
  }
  return { nodes: [await open(), await open()], folder }
}

test('[M64] of two nodes that install other content under one version at the same moment one is refused, and what is stored is what the other brought; the same content both have', { timeout: 60_000 }, async () => {
  const { nodes, folder } = await twoNodes()
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) {
    const files = [await archiveFile(folder, version), await archiveFile(folder, version, { 'README.md': 'Other' })]
    const outcomes = await Promise.allSettled(nodes.map((node, index) => node.releases.install(files[index] ?? '', '/', BY)))
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find((outcome) => outcome.status === 'rejected')).toMatchObject({ reason: { code: 'RELEASE_IMMUTABLE' } })
    for (const node of nodes) {
      await node.bulletin.caughtUp()
      expect((await node.catalogue.load('fr.test.greeter', version)).manifest.version).toBe(version)
    }
  }
  const same = await archiveFile(folder, '2.0.0')
  expect((await Promise.all(nodes.map((node) => node.releases.install(same, '/', BY)))).map(({ isKnown }) => (isKnown ? 'known' : 'new')).toSorted()).toEqual(['known', 'new'])
})

test('[R143] a plugin takes the place of no application, also when another node has added it a moment ago', { timeout: 60_000 }, async () => {
  const { nodes: [one, two], folder } = await twoNodes()
  const spec = await archiveFile(folder, '1.0.0')
  await one.storage.platform.insertInto('release').values({ id: 'fr.test.greeter', version: '0.9.0', digest: 'd', manifest_json: JSON.stringify({ id: 'fr.test.greeter', version: '0.9.0', runtime: 'remote' }), source: 's', bytes: 1, installed_at: 0, installed_by: 'x' }).execute()
  await expect(two.releases.install(spec, '/', BY)).rejects.toMatchObject({ code: 'RELEASE_IMMUTABLE', message: expect.stringContaining('is an application') as string })
  expect(await two.releases.verify(spec, '/')).toMatchObject({ ok: false, problems: [{ code: 'RELEASE_IMMUTABLE' }] })
})

test('[M65] a backup holds releases and snapshots that other nodes have made, and is brought back without them', { timeout: 60_000 }, async () => {
  const { nodes: [one, two], folder } = await twoNodes()
  await one.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const { id: tenantId } = await one.tenants.create({ kind: 'commune', name: 'Aytré' }, BY)
  const spec = await archiveFile(folder, '1.0.0')
  await one.releases.install(spec, '/', BY)
  const place = ['snapshots', tenantId, 'fr.test.greeter', 'before']
  await createKeptFiles({ storage: one.storage, outside: new FakeOutside() }).publish(place.join('/'), spec)
  const out = join(folder, 'backup')
  await two.backup({ out })
  const data = join(folder, 'data')
  await restoreBackup(out, data)
  const platform = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: data, LIBERACCES_LOG: 'silent', LIBERACCES_RUNTIME: 'inline' }, data), plugins: [] })
  onTestFinished(async () => { await platform.stop() })
  expect((await platform.catalogue.load('fr.test.greeter', '1.0.0')).manifest.version).toBe('1.0.0')
  expect(await readFile(join(data, ...place, 'store.sqlite'))).toEqual(await readFile(spec))
})
