import pg from 'pg'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { TOLD } from '../../src/storage/change-notices.ts'
import { WatchedNodes, type Sight } from '../../src/nodes/watched-nodes.ts'
import { databaseOfTest, postgresStorage } from '../storage/postgres-database.ts'
import { wayTo } from '../way-to.ts'
import { liveOn } from './node-kit.ts'

async function database() {
  const url = await databaseOfTest()
  const storage = await postgresStorage({ url })
  return { url, storage }
}
const WAIT = { timeout: 15_000, interval: 20 }

test('[M3] nodes know each other; one that ends in order is gone at once, and is not held for dead', async () => {
  const { url } = await database()
  const one = await liveOn(url)
  const two = await liveOn(url)
  await two.life.serve(3_000)
  expect((await one.life.nodes()).map(({ id, isThis, port }) => [id, isThis, port])).toEqual([[one.life.id, true, undefined], [two.life.id, false, 3_000]])
  await two.life.end()
  expect((await one.life.nodes()).map(({ id }) => id)).toEqual([one.life.id])
  expect(one.buried).toEqual([])
})

test('[M3] a node that is cut off is held for dead, what it has under way in the database is ended; when it is back it joins again', async () => {
  const { url } = await database()
  const way = await wayTo(url)
  const other = await liveOn(way.url)
  const one = await liveOn(url)
  // As a pool of the node that is cut off would have it.
  const hanging = new pg.Client({ connectionString: url, application_name: `liberacces ${other.life.id}` })
  const ended = new Promise<void>((resolve) => { hanging.on('error', () => { resolve() }) })
  await hanging.connect()
  way.silence()
  expect(other.life.isSure).toBe(true)
  await expect.poll(() => other.life.isSure, WAIT).toBe(false)
  expect(one.buried).toEqual([])
  await expect(other.life.sure()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await expect.poll(() => one.buried, WAIT).toEqual([other.life.id])
  await ended
  expect(other.told).toContain('lost')
  way.mend()
  await expect.poll(() => other.told.at(-1), WAIT).toBe('connected again')
  await expect.poll(() => other.life.isSure, WAIT).toBe(true)
  expect((await one.life.nodes()).map(({ id }) => id).sort()).toEqual([one.life.id, other.life.id].sort())
})

test('[M3] a connection that is lost for a moment costs nobody its place', async () => {
  const { url, storage } = await database()
  const way = await wayTo(url)
  const other = await liveOn(way.url)
  const one = await liveOn(url)
  way.drop()
  await expect.poll(() => other.told.at(-1), WAIT).toBe('connected again')
  // One that does not come back, and was lost after the other: once it is buried, the other would have been.
  await storage.platform.insertInto('node').values({ id: 'gone', started_at: 0, beat_at: 0, lock_key: 1, host: 'elsewhere', pid: 1, version: '0', port: null, skew_ms: 0, marks_json: '{}' }).execute()
  await expect.poll(() => [...one.buried, ...other.buried], WAIT).toEqual(['gone'])
  expect((await one.life.nodes()).map(({ id }) => id).toSorted()).toEqual([one.life.id, other.life.id].toSorted())
})

test('[M3] nodes that were told different secrets or domains do not run together, and the second says which', async () => {
  const { url } = await database()
  await liveOn(url, { marks: { LIBERACCES_SECRET_FILE: 'a', LIBERACCES_BASE_DOMAIN: 'x' } })
  await expect(liveOn(url, { marks: { LIBERACCES_SECRET_FILE: 'b', LIBERACCES_BASE_DOMAIN: 'x' } })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('LIBERACCES_SECRET_FILE') as string })
  await liveOn(url, { marks: { LIBERACCES_SECRET_FILE: 'a', LIBERACCES_BASE_DOMAIN: 'x' } })
})

test('[M4] how far a machine’s clock is off is known and told', async () => {
  const { url } = await database()
  const { life, log } = await liveOn(url, { clock: () => Date.now() + 60_000 })
  expect(Math.abs(life.skewMs - 60_000)).toBeLessThan(2_000)
  expect(log.filter((line) => line.includes('clock'))).toHaveLength(1)
  const other = await liveOn(url)
  await expect.poll(async () => (await other.life.nodes()).map(({ skewMs }) => Math.round(skewMs / 10_000)), WAIT).toEqual([6, 0])
})

test('[M2] every change of a table that is held in memory is told with its tenants, whatever the statement, once its transaction commits and not before', async () => {
  const { url, storage } = await database()
  const { told, life } = await liveOn(url)
  const { platform } = storage
  const tenant = (id: string) => ({ id, slug: id, name: id, kind: 'commune' as const, parent_id: null, siren: null, insee: null, population: null, created_at: 0 })
  const since = async (): Promise<readonly string[]> => {
    await life.echo(`echo ${told.length}`)
    await expect.poll(() => told.some((payload) => payload.startsWith('echo')), WAIT).toBe(true)
    return told.splice(0).filter((payload) => !payload.startsWith('echo') && !payload.startsWith('connected')).toSorted()
  }
  await since()
  await storage.platformTransaction(async (tx) => {
    await tx.insertInto('tenant').values([tenant('a'), tenant('b')]).execute()
    expect(await since()).toEqual([])
  })
  expect(await since()).toEqual(['tenant a,b'])
  await storage.platformTransaction(async (tx) => {
    await tx.insertInto('tenant').values(tenant('c')).execute()
    throw new Error('undone')
  }).catch(() => undefined)
  expect(await since()).toEqual([])
  await platform.insertInto('installation').values({ tenant_id: 'a', plugin_id: 'p', version: '1', digest: null, state: 'active', since: 0, error: null }).execute()
  await platform.updateTable('installation').set({ since: 5 }).execute()
  expect(await since()).toEqual(['installation a'])
  await platform.updateTable('installation').set({ version: '2' }).execute()
  expect(await since()).toEqual(['installation a'])
  const account = { id: 'x', tenant_id: 'a', login: 'x', name: 'x', email: null, password_hash: '', status: 'active' as const, created_at: 0, last_login_at: null, email_proven_at: null }
  await platform.insertInto('account').values(account).execute()
  await platform.insertInto('account_role').values({ account_id: 'x', role: 'agent' }).execute()
  expect(await since()).toEqual(['account a', 'account_role a'])
  // A login is no change that anybody holds.
  await platform.updateTable('account').set({ last_login_at: 5 }).execute()
  await platform.insertInto('session').values({ token_hash: new Uint8Array(32), account_id: 'x', tenant_id: 'a', created_at: 0, expires_at: 0, grant_id: null, home_id: null }).execute()
  expect(await since()).toEqual([])
  await platform.updateTable('account').set({ status: 'disabled' }).execute()
  expect(await since()).toEqual(['account a'])
  await platform.insertInto('population_threshold').values({ valid_from: '2026-01-01', population: 1, set_at: 0, set_by: 'x' }).execute()
  expect(await since()).toEqual(['population_threshold *'])
  // What goes with a tenant is told too.
  await platform.deleteFrom('tenant').where('id', '=', 'a').execute()
  expect(await since()).toEqual(['account a', 'installation a', 'tenant a'])
  await platform.insertInto('tenant').values(Array.from({ length: 120 }, (_, index) => tenant(`t-${index}`))).execute()
  expect((await since()).map((payload) => payload.split(',').length).toSorted((a, b) => a - b)).toEqual([20, 50, 50])
  await platform.insertInto('tenant').values(Array.from({ length: 501 }, (_, index) => tenant(`u-${index}`))).execute()
  expect(await since()).toEqual(['tenant *'])
  expect(Object.keys(TOLD)).not.toContain('session')
})

test('[M3] who is dead is told by watching: whoever says something new in time lives, whatever the clocks say', () => {
  const patience = { goneMs: 3_000, silentMs: 8_000 }
  const life = fc.record({ speaks: fc.boolean(), isLocked: fc.boolean(), stepMs: fc.integer({ min: 1, max: 2_000 }) })
  fc.assert(fc.property(fc.array(life, { minLength: 1, maxLength: 40 }), (steps) => {
    const watched = new WatchedNodes(patience)
    let now = 0
    let beat = 1_000_000
    let spokeAt: number | undefined
    let freeSince: number | undefined
    for (const { speaks, isLocked, stepMs } of steps) {
      now += stepMs
      if (speaks) beat -= 7 // a clock that goes backwards
      if (speaks || spokeAt === undefined) {
        spokeAt = now
        freeSince = undefined
      }
      freeSince = isLocked ? undefined : (freeSince ?? now)
      const sight: Sight = { id: 'n', beat, isLocked, isGone: false }
      const isDead = watched.look([sight], now).length > 0
      expect(isDead).toBe(now - spokeAt >= patience.silentMs || (freeSince !== undefined && now - freeSince >= patience.goneMs))
    }
  }))
  const watched = new WatchedNodes(patience)
  expect(watched.look([{ id: 'n', beat: 1, isLocked: true, isGone: true }], 0)).toEqual([])
  expect(watched.look([{ id: 'n', beat: 1, isLocked: false, isGone: true }], 1)).toHaveLength(1)
  onTestFinished(() => { watched.lookedAway() })
})
