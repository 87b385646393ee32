import { expect, test } from 'vitest'
import { temporaryFolder } from '../storage/temporary-storage.ts'
import { BY, Crash, OTHER, plugin, startProcess, TENANT, type Process } from './crashing-lifecycle.ts'

const BASE = plugin('base', { provides: true })
const APP = plugin('app', { needs: true })
const IDS = ['fr.test.app', 'fr.test.base']

const states = async ({ installations }: Process): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await installations.list(TENANT)).map(({ pluginId, state }) => [pluginId, state]))
const running = ({ installations }: Process): readonly string[] => installations.modules(TENANT).releases.map(({ manifest }) => manifest.id)
const tablesOf = async ({ storage }: Process, pluginId: string): Promise<number> => (await storage.store({ tenantId: TENANT, pluginId }).db.selectFrom('note').selectAll().execute()).length

/** Runs a change in processes that die at every step in turn, before and after its effect; looks at what the next process finds. */
async function dieAtEveryStep(prepare: (first: Process) => Promise<void>, change: (process: Process) => Promise<unknown>, look: (next: Process, done: boolean) => Promise<void>): Promise<number> {
  for (let step = 0; ; step += 1) {
    for (const when of ['before', 'after'] as const) {
      const folder = temporaryFolder()
      const first = await startProcess(folder, [APP, BASE])
      await prepare(first)
      await first.end()
      const dying = await startProcess(folder, [APP, BASE], { step, when })
      const done = await change(dying).then(() => true, (error: unknown) => { if (error instanceof Crash) return false; throw error })
      await dying.end()
      if (done && dying.steps <= step) return step
      const next = await startProcess(folder, [APP, BASE])
      await look(next, done)
      await next.end()
    }
  }
}

test('[L6] killed at any step of switching on, the next start finishes it, or finds it never begun', async () => {
  const steps = await dieAtEveryStep(async () => undefined, ({ installations }) => installations.enableTogether(TENANT, IDS, BY), async (next, done) => {
    const found = await states(next)
    expect(Object.values(found).every((state) => state === 'active')).toBe(true)
    expect(running(next).toSorted()).toEqual(Object.keys(found).toSorted())
    expect(running(next).length).toBeGreaterThanOrEqual(done ? 2 : 0)
    await next.installations.enableTogether(TENANT, IDS, BY)
    expect(running(next)).toEqual(['fr.test.base', 'fr.test.app'])
    for (const id of IDS) expect(await tablesOf(next, id)).toBe(0)
    const trail = (await next.audit.list(TENANT, { limit: 500 })).map(({ action, target }) => `${action} ${target}`)
    for (const id of IDS) expect(trail.filter((line) => line === `plugin.enabled ${id}`)).toHaveLength(1)
  })
  expect(steps).toBeGreaterThanOrEqual(8)
})

test('[L6] killed at any step of switching off, a plugin is on or off, never in between', async () => {
  await dieAtEveryStep(async ({ installations }) => { await installations.enableTogether(TENANT, IDS, BY) }, ({ installations }) => installations.disable(TENANT, 'fr.test.app', BY), async (next, done) => {
    const state = (await states(next))['fr.test.app']
    expect(done ? ['inactive'] : ['active', 'inactive']).toContain(state)
    expect(running(next).includes('fr.test.app')).toBe(state === 'active')
    await next.installations.disable(TENANT, 'fr.test.app', BY)
    expect(running(next)).toEqual(['fr.test.base'])
  })
})

test('[L6] a step that fails while the process lives on can be asked for again, and then all of it is there', async () => {
  for (let step = 0; ; step += 1) {
    const process = await startProcess(temporaryFolder(), [APP, BASE], { step, when: 'fails' })
    const { installations, started } = process
    const failed = await installations.enableTogether(TENANT, IDS, BY).then(() => false, () => true)
    await installations.enableTogether(TENANT, IDS, BY)
    expect([running(process), [...started].toSorted(), Object.values(await states(process))]).toEqual([['fr.test.base', 'fr.test.app'], IDS, ['active', 'active']])
    await process.end()
    if (!failed) break
  }
})

test('[L7] a plugin whose release moved on runs with its new migrations applied, on every tenant', async () => {
  const folder = temporaryFolder()
  const first = await startProcess(folder, [BASE])
  for (const tenant of [TENANT, OTHER]) await first.installations.enable(tenant, 'fr.test.base', '*', BY)
  await first.end()
  const moved = plugin('base', { provides: true, version: '1.1.0', migrations: { ...BASE.migrations, '0002-colour': {
    up: async (db) => { await db.schema.alterTable('note').addColumn('colour', 'text').execute() }, down: async () => undefined,
  } } })
  const next = await startProcess(folder, [moved])
  for (const tenantId of [TENANT, OTHER]) {
    await next.storage.store({ tenantId, pluginId: 'fr.test.base' }).db.insertInto('note').values({ text: 'a', colour: 'red' }).execute()
    expect((await next.installations.list(tenantId)).map(({ state, version }) => `${state} ${version}`)).toEqual(['active 1.1.0'])
  }
  await next.end()
})

test('[L7] where a new migration fails the plugin stays off on that tenant, says so, and runs again when it is mended', async () => {
  const folder = temporaryFolder()
  const first = await startProcess(folder, [BASE, APP])
  await first.installations.enableTogether(TENANT, IDS, BY)
  await first.end()
  const failing = (up: () => Promise<void>) => plugin('base', { provides: true, version: '1.1.0', migrations: { ...BASE.migrations, '0002-broken': { up, down: async () => undefined } } })
  const broken = await startProcess(folder, [failing(async () => { throw new Error('no such column') }), APP])
  expect(await states(broken)).toEqual({ 'fr.test.base': 'migration-failed', 'fr.test.app': 'degraded' })
  expect(running(broken)).toEqual([])
  await broken.end()
  const mended = await startProcess(folder, [failing(async () => undefined), APP])
  await mended.installations.enable(TENANT, 'fr.test.base', '*', BY)
  await mended.installations.enable(TENANT, 'fr.test.app', '*', BY)
  expect(await states(mended)).toEqual({ 'fr.test.base': 'active', 'fr.test.app': 'active' })
  await mended.end()
})

test('[L8] what is switched on and cannot run is shown as such with its reason, and can be switched off', async () => {
  const folder = temporaryFolder()
  const first = await startProcess(folder, [BASE, APP])
  await first.installations.enableTogether(TENANT, IDS, BY)
  await first.end()
  const next = await startProcess(folder, [APP])
  const [app, base] = await next.installations.list(TENANT)
  expect([app?.state, base?.state]).toEqual(['degraded', 'degraded'])
  expect(app?.error).toContain('"fr.test.base/v1"')
  expect(base?.error).toContain('fr.test.base')
  await next.installations.disable(TENANT, 'fr.test.base', BY)
  expect(await states(next)).toEqual({ 'fr.test.app': 'degraded', 'fr.test.base': 'inactive' })
  await next.end()
})

test('[L6] an activation that can no longer be resumed is undone, with its reason', async () => {
  const folder = temporaryFolder()
  const first = await startProcess(folder, [BASE, APP], { step: 9, when: 'before' })
  await first.installations.enableTogether(TENANT, IDS, BY).catch(() => undefined)
  await first.end()
  const interrupted = await startProcess(folder, [])
  expect(Object.values(await states(interrupted)).every((state) => state === 'inactive' || state === 'degraded')).toBe(true)
  await interrupted.end()
})
