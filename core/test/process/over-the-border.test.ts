import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { PluginSource } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import { pinnedFetch } from '../../src/egress/pinned-fetch.ts'
import { createLog } from '../../src/http/log.ts'
import { createPlatform, type Platform } from '../../src/platform.ts'
import { bundlePlugin } from '../../src/process/bundle-plugin.ts'
import { ask } from '../hostile/ask.ts'
import { runEnvironment } from '../run-environment.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const ID = 'fr.test.traveller'
const DAY = 86_400_000

const source: PluginSource = {
  name: ID, runtime: 'process',
  load: () => Promise.reject(new Error('It runs in a process of its own.')),
  code: async () => ({ file: 'traveller/plugin.cjs', text: await bundlePlugin(fileURLToPath(new URL('traveller-plugin.ts', import.meta.url))) }),
}

/** A platform with the traveller in a process of its own, at two communes, by a clock that is moved by hand. */
async function open(pingEveryMs?: number) {
  const clock = { now: Date.UTC(2026, 2, 2, 8) }
  const log: string[] = []
  const folder = temporaryFolder()
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', ...await runEnvironment(folder), LIBERACCES_BREAKER: 'off', LIBERACCES_EGRESS_ALLOW: '127.0.0.1' }, folder), plugins: [source],
    log: createLog('info', { write: (line: string) => { log.push(line) } } as unknown as NodeJS.WriteStream),
    outside: { now: () => clock.now, randomBytes: (length) => randomBytes(length), fetch: pinnedFetch },
    ...(pingEveryMs === undefined ? {} : { healthRules: { ping: { everyMs: pingEveryMs }, restart: { firstPauseMs: 1 } } }),
  })
  onTestFinished(async () => { await platform.stop() })
  expect(platform.catalogue.rejected).toEqual([])
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const ids = []
  for (const slug of ['aytre', 'nieul']) {
    const { id } = await platform.tenants.create({ kind: 'commune', name: slug, slug }, BY)
    await platform.installations.enable(id, ID, '*', BY)
    ids.push(id)
  }
  const { port } = await platform.listen()
  const get = async (path: string, slug = 'aytre') => ask(port, `${slug}.localhost`, `/apps/traveller${path}`)
  const json = async (path: string, slug = 'aytre'): Promise<unknown> => JSON.parse((await get(path, slug)).text) as unknown
  const seen = async (): Promise<readonly string[]> => ((await json('/seen')) as { readonly seen: readonly string[] }).seen
  return { platform, clock, log, port, get, json, seen, tenantId: ids[0] ?? '' }
}

function pidOf(platform: Platform): number | undefined {
  return platform.catalogue.release(ID, '1.0.0')?.process?.pid
}

/** A server on this machine, which says what came and how it ended. */
async function serve(answer: (path: string, response: ServerResponse) => void): Promise<{ readonly from: string; readonly closed: readonly string[] }> {
  const closed: string[] = []
  const server = createServer((request, response) => {
    response.on('close', () => { closed.push(request.url ?? '') })
    answer(request.url ?? '', response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => { server.closeAllConnections(); server.close() })
  return { from: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, closed }
}

test('[R160] a call whose time is up, or whose caller leaves, is cancelled in the plugin’s process too, which goes on', async () => {
  const { platform, port, get, seen } = await open()
  const pid = pidOf(platform)
  expect((await get('/late')).code).toBe('PLUGIN_CALL_TIMEOUT')
  await expect.poll(seen).toEqual(['waits', 'aborted PLUGIN_CALL_TIMEOUT'])
  const { connect } = await import('node:net')
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /apps/traveller/waits HTTP/1.1\r\nhost: aytre.localhost\r\naccept: application/json\r\n\r\n')
  await expect.poll(async () => (await seen()).length).toBe(3)
  socket.destroy()
  await expect.poll(async () => (await seen()).length).toBe(4)
  expect([(await seen())[3], pidOf(platform)]).toEqual([expect.stringMatching(/^aborted /), pid])
})

test('[R161] what a plugin fetches comes piece by piece, as it is read; what it does not want any more is let go', async () => {
  const { json, get } = await open()
  const rest = randomBytes(3_000_000)
  let goOn: (() => void) | undefined
  const { from, closed } = await serve((path, response) => {
    if (path === '/slow') {
      response.write('first')
      goOn = () => { response.end(rest) }
    } else if (path === '/go-on') {
      goOn?.()
      response.end('yes')
    } else {
      const write = (): void => { if (response.write(Buffer.alloc(65_536))) setImmediate(write) }
      response.on('drain', write)
      write()
    }
  })
  expect(await json(`/stream?from=${encodeURIComponent(from)}`)).toEqual({ first: 'first', size: rest.length, hash: createHash('sha256').update(rest).digest('hex') })
  expect((await get(`/leaves?from=${encodeURIComponent(from)}`)).status).toBe(200)
  await expect.poll(() => closed).toContain('/endless')
})

test('[R162] schedules, commands and what concerns personal data run in the plugin’s process, on the tenant that they are for, by the platform’s clock', async () => {
  const { platform, clock, json, get, seen, tenantId } = await open()
  await get('/add?id=one&person=anne')
  await get('/add?id=two&person=anne')
  await get('/add?id=old-three&person=bert')
  await get('/add?id=other&person=anne', 'nieul')
  const release = platform.installations.modules(tenantId).byId.get(ID)
  const command = release?.registrations.commands.find(({ name }) => name === 'count')
  if (release === undefined || command === undefined) throw new Error('It has no such command.')
  const count = () => platform.runtime.call(release, platform.systemOrigin(tenantId), { what: 'command', limitMs: 5_000 }, (c) => (command.run as (c: unknown, input: unknown) => Promise<unknown>)(c, { person: 'anne' }))
  expect(await count()).toEqual({ tenant: 'aytre', arguments: 0, rows: 2 })

  const anne = { id: 'anne', email: undefined, name: 'Anne' }
  expect(await platform.privacy.export(tenantId, anne, BY)).toMatchObject({ [ID]: { data: { rows: [{ id: 'one' }, { id: 'two' }] } } })
  expect(await platform.privacy.erase(tenantId, anne, BY)).toEqual({ [ID]: { erased: 2 } })
  expect([await count(), await json('/rows', 'nieul')]).toMatchObject([{ rows: 0 }, [{ id: 'other' }]])

  clock.now += DAY
  await platform.scheduler.settle()
  expect(await json('/rows')).toEqual([{ id: `ran ${new Date(clock.now).toISOString()}`, person: '0' }])
  expect(await seen()).toEqual(['expire row 10', 'expire row 10'])
})

test('[R163] a transaction that is open for thirty seconds is undone, whatever its process does; what it asks in it then is refused, and others have their turn', async () => {
  const { json, get, seen } = await open()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => { vi.useRealTimers() })
  const held = json('/held')
  await expect.poll(seen).toEqual(['held'])
  vi.advanceTimersByTime(29_900)
  expect(await seen()).toEqual(['held'])
  vi.advanceTimersByTime(200)
  vi.useRealTimers()
  expect((await get('/add?id=next&person=x')).status).toBe(200)
  expect(await json('/rows')).toEqual([{ id: 'next', person: 'x' }])
  await get('/release')
  expect(await held).toEqual({ code: 'DB_TRANSACTION_OVER' })
})

test('[R154] thousands of questions and hundreds of transactions at once come to their end, as they do in the platform’s process', async () => {
  const { platform, json } = await open()
  const pid = pidOf(platform)
  expect(await json('/many')).toEqual({ read: 3_000, written: 300 })
  expect(pidOf(platform)).toBe(pid)
})

test('[R164] a child that does not answer three pings on end is ended and another one serves', async () => {
  const { platform, log, json } = await open(20)
  const pid = pidOf(platform) ?? 0
  process.kill(pid, 'SIGSTOP')
  await expect.poll(() => ![undefined, pid].includes(pidOf(platform))).toBe(true)
  expect(await json('/seen')).toEqual({ seen: [] })
  expect(log.join('')).toContain('it did not answer any more')
  expect((await platform.health.crashes.latest(5)).map(({ pluginId }) => pluginId)).toEqual([ID])
})

test('[R165] no statement of a plugin in a process changes whose rights it has, what it sees or how long it may take, within a transaction or without', async () => {
  const { platform, json, get } = await open()
  await get('/add?id=mine&person=x')
  await get('/add?id=yours&person=y', 'nieul')
  const other = platform.tenants.bySlug('nieul')?.id ?? ''
  const { outside, within } = (await json(`/rights?schema=${other}`)) as Readonly<Record<'outside' | 'within', Readonly<Record<string, string>>>>
  const done = [...Object.entries(outside), ...Object.entries(within)].filter(([, got]) => !got.startsWith('refused'))
  expect(done).toEqual([])
  expect(Object.keys(within)).toHaveLength(Object.keys(outside).length)
  expect([await json('/rows'), await json('/rows', 'nieul')]).toEqual([[{ id: 'mine', person: 'x' }], [{ id: 'yours', person: 'y' }]])
})

test('[R167] what a process migrates is migrated in the words of that database: a copy that travels is SQLite’s, whatever the platform runs on', async () => {
  const { platform, tenantId } = await open()
  // A store is made at its first use.
  await platform.storage.store({ tenantId, pluginId: ID }).db.insertInto('row').values({ id: 'a', person: 'b' }).execute()
  const file = join(temporaryFolder(), 'copy.sqlite')
  expect(await platform.storage.copyStore({ tenantId, pluginId: ID }, file)).toBe(true)
  const copy = new Database(file, { readonly: true })
  onTestFinished(() => { copy.close() })
  expect(copy.prepare("select name, type, \"notnull\" from pragma_table_info('row')").all()).toEqual([{ name: 'id', type: 'TEXT', notnull: 0 }, { name: 'person', type: 'TEXT', notnull: 1 }])
})
