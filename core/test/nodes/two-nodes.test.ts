import { definePlugin, Type, type Plugin } from '@liberacces/sdk'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { givenPlugin } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/http/log.ts'
import { createPlatform, type Platform } from '../../src/platform.ts'
import { shareDisk } from '../../src/testing/one-disk.ts'
import { wayTo } from '../way-to.ts'
import { databaseOfTest } from '../storage/postgres-database.ts'
import { NOTES, temporaryFolder } from '../storage/temporary-storage.ts'
import { TIMES } from './node-kit.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const ID = 'fr.test.board'
const WAIT = { timeout: 15_000, interval: 20 }

/** Held until the test lets go: whoever asks for `/slow` waits inside the plugin. */
const slow = { arrived: 0, gate: Promise.withResolvers<void>() }

const Version = Type.Object({ version: Type.String() })

function board(version: string): Plugin {
  return definePlugin()({
    id: ID, version, path: 'board', sdk: '*', license: 'MIT', title: { fr: 'Board' }, publisher: { name: 'Test', contact: 'x' },
    runtime: 'inline', scopes: ['db'], privacy: { stores: [] }, messages: { fr: {}, en: {} },
    migrations: version === '1.0.0' ? NOTES : { ...NOTES, '0002-colour': { up: async (db) => { await db.schema.alterTable('note').addColumn('colour', 'text').execute() }, down: async (db) => { await db.schema.alterTable('note').dropColumn('colour').execute() } } },
    settings: Type.Object({ count: Type.Integer({ default: 1 }) }),
    setup(k) {
      k.route({ method: 'GET', path: '/api/version', audience: 'public', summary: 'Version', response: { 200: Version } }, (c) => c.reply(200, { version }))
      k.route({ method: 'GET', path: '/api/slow', audience: 'public', summary: 'Waits', response: { 200: Version } }, async (c) => {
        slow.arrived += 1
        await slow.gate.promise
        return c.reply(200, { version })
      })
    },
  }) as unknown as Plugin
}

interface Cluster {
  readonly url: string
  /** @param by - another way to the database */
  node(by?: string): Promise<{ readonly platform: Platform; readonly log: string[]; get(path: string, host?: string, cookie?: string): Promise<{ readonly status: number; readonly body: string }> }>
}

async function cluster(): Promise<Cluster> {
  const url = await databaseOfTest()
  const secret = randomBytes(32).toString('hex')
  const files = temporaryFolder()
  return {
    url,
    async node(by = url) {
      const folder = temporaryFolder()
      shareDisk(folder, files)
      const secretFile = join(folder, 'secret.txt')
      await writeFile(secretFile, secret)
      const log: string[] = []
      const platform = await createPlatform({
        config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_DATABASE_URL: by, LIBERACCES_SECRET_FILE: secretFile }, folder),
        log: createLog('warn', { write: (line: string) => { log.push(line) } } as unknown as NodeJS.WriteStream), plugins: [board('1.0.0'), board('1.1.0')].map(givenPlugin), nodeTimes: TIMES,
      })
      onTestFinished(async () => { await platform.stop() })
      const { port } = await platform.listen()
      return {
        platform, log,
        async get(path, host = 'aytre.localhost', cookie) {
          const { request } = process.getBuiltinModule('node:http')
          return await new Promise((resolve, reject) => {
            request({ port, host: '127.0.0.1', path, headers: { host, ...(cookie === undefined ? {} : { cookie }) } }, (response) => {
              let body = ''
              response.on('data', (chunk) => { body += String(chunk) }).on('end', () => { resolve({ status: response.statusCode ?? 0, body }) })
            }).on('error', reject).end()
          })
        },
      }
    },
  }
}

test('[V3] [V9] what is stopped, or crashes too often, on one node runs on none; what is started on one runs on all', async () => {
  const nodes = await cluster()
  const one = await nodes.node()
  const two = await nodes.node()
  await one.platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const commune = await one.platform.tenants.create({ kind: 'commune', name: 'Aytré' }, BY)
  await one.platform.installations.enable(commune.id, ID, '1.0.0', BY)
  const status = async (node: Awaited<ReturnType<Cluster['node']>>): Promise<number> => (await node.get('/apps/board/api/version')).status
  await expect.poll(() => status(two), WAIT).toBe(200)
  await one.platform.health.halts.stop(ID, undefined, 'a leak was reported', BY)
  expect(await status(one)).toBe(503)
  await expect.poll(() => status(two), WAIT).toBe(503)
  await two.platform.health.halts.start(ID, undefined, BY)
  expect(await status(two)).toBe(200)
  await expect.poll(() => status(one), WAIT).toBe(200)

  // Crashes count on the node on which they happen; the quarantine that follows holds on both.
  const [here, there] = [one, two].map(({ platform }) => {
    const release = platform.catalogue.release(ID, '1.0.0')
    if (release === undefined) throw new Error('The board is not loaded.')
    return platform.health.of(release)
  })
  const heard: string[] = []
  there?.watch((change) => { heard.push(change) })
  const verdicts = [there, here, here, here].map((child) => {
    child?.started()
    child?.ready()
    return child?.crashed('killed (SIGKILL)').kind
  })
  expect(verdicts).toEqual(['restart', 'restart', 'restart', 'quarantined'])
  expect(await status(one)).toBe(503)
  await expect.poll(() => status(two), WAIT).toBe(503)
  expect([there?.state, there?.mayStart, heard]).toEqual(['quarantined', false, ['halt']])
  expect((await two.platform.health.crashes.latest(10)).length).toBe(4)
  await two.platform.health.halts.start(ID, '1.0.0', BY)
  await expect.poll(() => here?.mayStart, WAIT).toBe(true)
  expect(heard).toEqual(['halt', 'resume'])
})

test('[M5] what is changed on one node holds on the others', async () => {
  const nodes = await cluster()
  const one = await nodes.node()
  const two = await nodes.node()
  await one.platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const commune = await one.platform.tenants.create({ kind: 'commune', name: 'Aytré' }, BY)
  await expect.poll(() => two.platform.tenants.bySlug('aytre')?.id, WAIT).toBe(commune.id)
  await one.platform.installations.enable(commune.id, ID, '1.0.0', BY)
  await expect.poll(() => two.get('/apps/board/api/version'), WAIT).toEqual({ status: 200, body: '{"version":"1.0.0"}' })
  await two.platform.installations.upgrade(commune.id, ID, { range: '1.1.0', by: BY })
  expect(await one.get('/apps/board/api/version')).toEqual({ status: 200, body: '{"version":"1.1.0"}' })
  await two.platform.settings.set(commune.id, ID, { count: 4 }, BY)
  await expect.poll(() => one.platform.settings.get(commune.id, ID), WAIT).toEqual({ count: 4 })
  await two.platform.installations.disable(commune.id, ID, BY)
  expect((await one.get('/apps/board/api/version')).status).toBe(404)
  const known = await one.platform.nodes()
  expect(known.map(({ pid, isThis, port }) => [pid, isThis, port !== undefined])).toEqual([[process.pid, true, true], [process.pid, false, true]])
})

test('[M43] [M44] a wave is told of on every node, runs on one, and is stopped from another; so is what each node is at', { timeout: 60_000 }, async () => {
  const nodes = await cluster()
  const one = await nodes.node()
  const two = await nodes.node()
  const pool = await one.platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  for (const name of ['Aytré', 'Dompierre', 'Esnandes']) {
    const { id } = await one.platform.tenants.create({ kind: 'commune', name }, BY)
    await one.platform.installations.enable(id, ID, '1.0.0', BY)
  }
  await expect.poll(() => two.platform.tenants.bySlug('esnandes')?.id, WAIT).toBeDefined()
  // Whoever is inside holds up the wave at the first two.
  slow.gate = Promise.withResolvers()
  const before = slow.arrived
  const inside = ['aytre', 'dompierre'].map((slug) => one.get('/apps/board/api/slow', `${slug}.localhost`))
  await expect.poll(() => slow.arrived, WAIT).toBe(before + 2)
  await one.platform.waves.start('upgrade', ID, '1.1.0', BY)
  expect(await two.platform.waves.report(ID)).toMatchObject({ kind: 'upgrade', to: '1.1.0', through: 0, by: { name: 'Test' } })
  expect((await two.platform.waves.report(ID))?.endedAt).toBeUndefined()
  await expect(two.platform.waves.start('rehearsal', ID, '1.1.0', BY)).rejects.toMatchObject({ code: 'PLUGIN_BUSY' })
  await expect(two.platform.waves.upgradeAll(ID, { range: '*', by: BY })).rejects.toMatchObject({ code: 'PLUGIN_BUSY' })

  const account = await two.platform.accounts.create(pool.id, { login: 'claire', name: 'Claire', password: 'a-long-enough-test-password', roles: ['pool-admin'] }, BY)
  const cookie = `liberacces_session=${(await two.platform.sessions.open(pool.id, account.id)).token}`
  const [first, second] = await two.platform.nodes()
  const duties = async (): Promise<string> => (await two.get('/noeuds', 'pool.localhost', cookie)).body
  await expect.poll(duties, WAIT).toMatch(/Changement de version\u00a0: Board, Aytré/)
  const page = await duties()
  for (const node of [first, second]) expect(page).toContain(`>${node?.address}<`)
  expect(page).toMatch(/Vague\u00a0: Board vers 1\.1\.0, 0 sur …/)
  await expect.poll(async () => (await two.platform.nodes()).map(({ work }) => work?.loaded), WAIT).toEqual([[`${ID} 1.0.0`, `${ID} 1.1.0`], [`${ID} 1.0.0`, `${ID} 1.1.0`]])
  // What a node is at comes with its beat: the last one may be from before the two requests.
  await expect.poll(async () => (await two.platform.nodes())[0]?.work, WAIT).toMatchObject({ calls: 2, requests: 2 })

  expect(await two.platform.waves.stop(ID)).toMatchObject({ to: '1.1.0' })
  await one.platform.bulletin.caughtUp()
  slow.gate.resolve()
  await Promise.all(inside)
  await one.platform.waves.settled()
  expect(await two.platform.waves.report(ID)).toMatchObject({ through: 2, done: 2, total: 3, endedAt: expect.any(Number) as number })
  expect((await two.platform.waves.list()).map(({ pluginId, node }) => [pluginId, node])).toEqual([[ID, undefined]])
  expect(await two.platform.waves.stop(ID)).toBeUndefined()
  expect(await two.platform.waves.upgradeAll(ID, { range: '*', by: BY })).toHaveLength(3)
  expect(await one.platform.waves.report(ID)).toMatchObject({ through: 3, done: 3 })
})

test('[M60] a wave whose node was held for dead has ended, and says so; when that node is back it moves no further tenant, whoever has failed before', { timeout: 60_000 }, async () => {
  const nodes = await cluster()
  const way = await wayTo(nodes.url)
  const two = await nodes.node()
  const one = await nodes.node(way.url)
  await two.platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const ids: string[] = []
  for (const name of ['Aytré', 'Dompierre', 'Esnandes']) {
    const { id } = await two.platform.tenants.create({ kind: 'commune', name }, BY)
    await two.platform.installations.enable(id, ID, '1.0.0', BY)
    ids.push(id)
  }
  await expect.poll(() => ids.every((id) => one.platform.installations.modules(id).byId.has(ID)), WAIT).toBe(true)
  slow.gate = Promise.withResolvers()
  const before = slow.arrived
  const inside = ['aytre', 'dompierre'].map((slug) => one.get('/apps/board/api/slow', `${slug}.localhost`))
  await expect.poll(() => slow.arrived, WAIT).toBe(before + 2)
  const wave = one.platform.waves.upgradeAll(ID, { range: '1.1.0', by: BY, maxFailures: 100 }).then(() => undefined, (error: unknown) => error)
  await expect.poll(async () => (await two.platform.waves.list()).map(({ node }) => node === undefined), WAIT).toEqual([false])
  await expect.poll(async () => (await two.platform.storage.platform.selectFrom('operation').select('tenant_id').execute()).length, WAIT).toBe(2)
  way.silence()
  await expect.poll(async () => (await two.platform.waves.report(ID))?.error, WAIT).toContain('Start it again')
  way.mend()
  await expect.poll(async () => (await two.platform.nodes()).length, WAIT).toBe(2)
  slow.gate.resolve()
  await Promise.all(inside)
  expect(await wave).toMatchObject({ code: 'PLUGIN_BUSY', message: expect.stringContaining('held for dead') as string })
  expect((await two.platform.installations.list(ids[2] ?? ''))[0]).toMatchObject({ version: '1.0.0', state: 'active' })
  expect(await two.platform.waves.report(ID)).toMatchObject({ done: 0, error: expect.stringContaining('Start it again') as string })
  // What it had begun is finished or undone by the other, which then moves all.
  await expect.poll(async () => (await two.platform.storage.platform.selectFrom('operation').selectAll().execute()).length, WAIT).toBe(0)
  expect((await two.platform.waves.upgradeAll(ID, { range: '1.1.0', by: BY })).map(({ state }) => state)).toEqual(['done', 'done', 'done'])
})
