import { expect, test } from 'vitest'
import { createPlatform, pluginsUnder, readConfig, type Platform } from '../../src/index.ts'
import { fillPlugin } from '../../src/demo/fill-plugin.ts'
import { runEnvironment } from '../run-environment.ts'
import { PLUGINS, temporaryFolder } from './cli-kit.ts'
import { said, saidJson } from './spoken.ts'

const MIRROR = 'fr.example.mirror'
const POSTED = 'fr.example.notices.posted/v1'

/** A platform that serves while something is done with it. */
async function serving(data: string, body: (platform: Platform, tenantId: string) => Promise<void>): Promise<void> {
  const platform = await createPlatform({ config: readConfig({ PORT: '0', ...await runEnvironment(data), LIBERACCES_LOG: 'silent' }, data), plugins: await pluginsUnder(PLUGINS) })
  try {
    await platform.listen()
    await body(platform, platform.tenants.bySlug('aytre')?.id ?? '')
    await platform.events.settle()
  } finally {
    await platform.stop()
  }
}

/** Aytré with a board whose two notices were emitted when nobody listened; since then somebody does. */
async function withUnheard(): Promise<{ readonly data: string; readonly at: readonly string[] }> {
  const data = temporaryFolder()
  const at = ['--tenant', 'aytre', '--data', data]
  await saidJson(['tenant', 'create', 'CA de La Rochelle', '--siren', '241700434', '--data', data])
  await saidJson(['tenant', 'create', 'Aytré', '--insee', '17028', '--data', data])
  await saidJson(['enable', 'fr.example.notices', ...at])
  await serving(data, async (platform, tenantId) => {
    const tenant = platform.tenants.byId(tenantId)
    const release = platform.installations.modules(tenantId).byId.get('fr.example.notices')
    if (tenant === undefined || release === undefined) throw new Error('nothing to fill')
    await fillPlugin(platform, tenant, release)
  })
  await saidJson(['enable', MIRROR, ...at])
  return { data, at }
}

test('[E72] events are found, followed and replayed by command, from a date on or by name, to one handler; a dry run does nothing', async () => {
  const { data, at } = await withUnheard()
  const { events } = await saidJson(['events', 'search', '--state', 'unsubscribed', '--type', 'posted', ...at]) as { events: readonly { id: string; type: string }[] }
  expect(events.map(({ type }) => type)).toEqual([POSTED, POSTED])
  const day = new Date().getUTCFullYear().toString().concat('-01-01')
  const counts = { events: 2, queued: 2, underWay: 0, accepted: 0, gone: 0 }
  expect(await saidJson(['events', 'replay', '--from', day, '--dry-run', ...at])).toEqual({ tenant: 'aytre', dryRun: true, ...counts })
  expect(await saidJson(['events', 'replays', ...at])).toEqual([])
  expect((await said(['events', 'replay', '--from', day, '--handler', POSTED, ...at])).out).toMatch(/^2 events: 2 deliveries to be made\.\nReplay \S+ goes on by itself/)
  await serving(data, async () => undefined)
  expect(await saidJson(['events', 'replays', ...at])).toMatchObject([{ state: 'done', counts, selection: { plugin: MIRROR, handler: POSTED } }])
  expect((await said(['events', 'replay', events[0]?.id ?? '', ...at])).out).toContain('1 passed over, as the handler has dealt with the event')
  expect((await said(['events', 'trace', events[0]?.id ?? '', ...at])).out).toMatch(/^Trace .*\n.*posted\/v1 .* by fr\.example\.notices 1\.2\.0, .*\n {2}-> fr\.example\.mirror .*: delivered after \d+ ms\n$/)
  expect(await saidJson(['events', 'show', events[0]?.id ?? '', ...at])).toMatchObject([{ status: 'delivered' }])
  expect((await saidJson(['audit', 'list', ...at]) as readonly { action: string }[]).map(({ action }) => action).filter((action) => action.startsWith('event.'))).toEqual(['event.read', 'event.replayed', 'event.replayed'])
})

test('[E72] dead letters are listed, retried and given up by command, of one event or of a whole handler', async () => {
  const { data, at } = await withUnheard()
  const kill = (status: 'dead' | 'delivered') => serving(data, async (platform, tenantId) => {
    await platform.events.settle()
    await platform.storage.kernelStore({ tenantId, pluginId: 'fr.example.notices' }).updateTable('liberacces_delivery').set({ status, last_error: 'down' }).execute()
  })
  await said(['events', 'replay', '--from', '2020-01-01', ...at])
  await kill('dead')
  const dead = await saidJson(['events', 'dead-letters', ...at]) as readonly { eventId: string }[]
  expect(dead).toMatchObject([{ subscriber: MIRROR, lastError: 'down' }, { subscriber: MIRROR }])
  expect(await saidJson(['events', 'dead-letters', 'list', '--plugin', 'fr.example.other', ...at])).toEqual([])
  expect(await saidJson(['events', 'dead-letters', 'retry', dead[0]?.eventId ?? '', ...at])).toMatchObject({ events: 1, queued: 1 })
  await serving(data, async () => undefined)
  expect(await saidJson(['events', 'dead-letters', ...at])).toHaveLength(1)
  expect(await said(['events', 'dead-letters', 'discard', '--plugin', MIRROR, ...at])).toMatchObject({ exit: 2 })
  expect(await saidJson(['events', 'dead-letters', 'discard', '--plugin', MIRROR, '--yes', ...at])).toEqual({ tenant: 'aytre', discarded: 1 })
  for (const what of [['retry', '--plugin', MIRROR], ['discard', '--plugin', MIRROR, '--yes']]) expect(await said(['events', 'dead-letters', ...what, ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(NOT_FOUND)') })
})

test('[E72] what makes no sense is wrong usage, or refused with what to do', async () => {
  const { at } = await withUnheard()
  const wrong = [['events', 'replay'], ['events', 'replay', 'x', '--from', '2026-01-01'], ['events', 'replay', '--from', 'yesterday'], ['events', 'replay', '--from', '2026-02-30'], ['events', 'dead-letters', 'retry'], ['events', 'dead-letters', 'list', 'x'], ['events', 'replays', '--stop', 'a', '--resume', 'b'], ['events', 'search', '--state', 'lost']]
  for (const args of wrong) expect({ args, exit: (await said([...args, ...at])).exit }).toEqual({ args, exit: 2 })
  expect(await said(['events', 'replay', '--from', '2026-01-02', '--to', '2026-01-01', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(REPLAY_INVALID)') })
  expect(await said(['events', 'replay', '--from', '2026-01-02', '--handler', 'nobody', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(REPLAY_INVALID)') })
  expect(await said(['events', 'replays', '--stop', 'nothing', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(NOT_FOUND)') })
  expect(await said(['events', 'trace', 'nothing', ...at])).toMatchObject({ exit: 1 })
})
