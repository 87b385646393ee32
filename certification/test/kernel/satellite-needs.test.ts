import { definePlugin, defineService, Type, type Plugin } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { at, startTree } from './delegation-kit.ts'
import { OPERATOR, type Kernel } from './kernel-kit.ts'
import { COMMON, NO_MESSAGES } from './plugin-parts.ts'

const CONTRACT = 'fr.test.bell/v1'
const BELL = 'fr.test.bell'
const RINGER = 'fr.test.ringer'
const Bell = defineService(CONTRACT, { ring: { input: Type.Object({}), output: Type.String() } })

/** A release that provides the contract, or no longer. */
function bell(version: string, provides: boolean): Plugin {
  return definePlugin()({
    ...COMMON, id: BELL, version, path: 'bell', title: { fr: 'Cloche' }, scopes: [], messages: NO_MESSAGES,
    setup(k) { if (provides) k.provide(Bell, () => ({ ring: () => Promise.resolve(version) })) },
  })
}

/** Needs the contract; `enabling` is awaited by its one migration. */
function ringer(enabling: { wait: () => Promise<void> } = { wait: () => Promise.resolve() }): Plugin {
  return definePlugin()({
    ...COMMON, id: RINGER, path: 'ringer', title: { fr: 'Sonneur' }, scopes: ['db'], requires: { [CONTRACT]: '*' }, messages: NO_MESSAGES,
    migrations: { '0001-wait': { up: () => enabling.wait(), down: () => Promise.resolve() } },
    setup(k) { k.route({ method: 'GET', path: '/ring', audience: 'public', summary: 'Rings', response: { 200: Type.String() } }, async (c) => c.reply(200, await c.use(Bell).ring({}))) },
  })
}

type Tree = Awaited<ReturnType<typeof startTree>>

async function sharing(plugins: readonly Plugin[], version = '1.0.0'): Promise<Tree> {
  const kernel = await startTree({ plugins, enable: [] })
  await kernel.platform.installations.enable(kernel.tenantId(), BELL, version, OPERATOR)
  await kernel.platform.shares.offer(kernel.tenantId(), kernel.ccasId, { what: CONTRACT }, OPERATOR)
  await kernel.platform.shares.accept(kernel.ccasId, CONTRACT, OPERATOR)
  return kernel
}

const ring = async (kernel: Kernel): Promise<unknown> => (await at(kernel, 'ccas').get('/apps/ringer/ring')).json()
const stateOf = async ({ platform }: Kernel, tenantId: string, pluginId: string): Promise<string | undefined> => (await platform.installations.list(tenantId)).find((one) => one.pluginId === pluginId)?.state

test('[T30] a share that a plugin needs which is just being switched on cannot be ended meanwhile, nor its provider switched off', async () => {
  const ways: Readonly<Record<string, (kernel: Tree) => Promise<unknown>>> = {
    SHARE_NEEDED: ({ platform, ccasId }) => platform.shares.end(ccasId, CONTRACT, OPERATOR),
    PLUGIN_NEEDED: (kernel) => kernel.platform.installations.disable(kernel.tenantId(), BELL, OPERATOR),
  }
  for (const [code, end] of Object.entries(ways)) {
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    await using kernel = await sharing([bell('1.0.0', true), ringer({ wait: async () => { begun.resolve(); await goOn.promise } })])
    const { platform, ccasId } = kernel
    const enabling = platform.installations.enable(ccasId, RINGER, '*', OPERATOR)
    await begun.promise
    const ending = end(kernel).then(() => 'done', (error: { code?: string }) => error.code)
    goOn.resolve()
    await enabling
    expect([code, await ending, await ring(kernel)]).toEqual([code, code, '1.0.0'])
  }
})

test('[T31] an upgrade, or a rollback, to a release that no longer provides what a satellite needs is refused by name, and goes no further than the releases that do', async () => {
  await using kernel = await sharing([bell('1.0.0', true), bell('1.1.0', true), bell('2.0.0', false), ringer()])
  const { platform, ccasId } = kernel
  await platform.installations.enable(ccasId, RINGER, '*', OPERATOR)
  const to = (range: string) => platform.installations.upgrade(kernel.tenantId(), BELL, { range, by: OPERATOR })
  const named = { code: 'PLUGIN_NEEDED', message: expect.stringMatching(/2\.0\.0 no longer provides "fr\.test\.bell\/v1".*"fr\.test\.ringer" of CCAS/) as string }
  await expect(to('2.0.0')).rejects.toMatchObject(named)
  expect(await platform.installations.rehearse(kernel.tenantId(), BELL, { range: '2.0.0', by: OPERATOR })).toMatchObject({ go: false, problems: [named] })
  expect(await to('*')).toMatchObject({ kind: 'upgraded', to: '1.1.0' })
  expect(await ring(kernel)).toBe('1.1.0')
  // Elsewhere nobody needs it.
  await platform.installations.enable(kernel.tenantId(1), BELL, '1.0.0', OPERATOR)
  expect(await platform.installations.upgrade(kernel.tenantId(1), BELL, { range: '*', by: OPERATOR })).toMatchObject({ to: '2.0.0' })
  await platform.installations.disable(ccasId, RINGER, OPERATOR)
  expect(await to('2.0.0')).toMatchObject({ kind: 'upgraded', to: '2.0.0' })
})

test('[T31] a rollback to a release that did not provide it yet is refused by name, and changes nothing', async () => {
  await using kernel = await startTree({ plugins: [bell('0.9.0', false), bell('1.0.0', true), ringer()], enable: [] })
  const { platform, ccasId } = kernel
  await platform.installations.enable(kernel.tenantId(), BELL, '0.9.0', OPERATOR)
  await platform.installations.upgrade(kernel.tenantId(), BELL, { range: '1.0.0', by: OPERATOR })
  await platform.shares.offer(kernel.tenantId(), ccasId, { what: CONTRACT }, OPERATOR)
  await platform.shares.accept(ccasId, CONTRACT, OPERATOR)
  await platform.installations.enable(ccasId, RINGER, '*', OPERATOR)
  await expect(platform.installations.rollback(kernel.tenantId(), BELL, { by: OPERATOR })).rejects.toMatchObject({ code: 'PLUGIN_NEEDED', message: expect.stringContaining('"fr.test.ringer" of CCAS') as string })
  expect(await ring(kernel)).toBe('1.0.0')
})

test('[T31] the Pool does not take a provider away from under a satellite that stays on it; both together go, the satellite’s first', async () => {
  await using kernel = await sharing([bell('1.0.0', true), ringer()])
  const { platform, ccasId } = kernel
  await platform.installations.enable(ccasId, RINGER, '*', OPERATOR)
  const commune = platform.tenants.bySlug('commune-1')
  if (commune === undefined) throw new Error('It was made.')
  await expect(platform.entitlementDesk.revoke(commune, [BELL], { disable: true }, OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_NEEDED', message: expect.stringContaining('"fr.test.ringer" of CCAS') as string })
  expect([platform.entitlements.mayUse(commune.id, BELL), await ring(kernel)]).toEqual([true, '1.0.0'])
  await platform.entitlementDesk.revoke(commune, [BELL, RINGER], { disable: true }, OPERATOR)
  expect([await stateOf(kernel, ccasId, RINGER), await stateOf(kernel, commune.id, BELL)]).toEqual(['inactive', 'inactive'])
})

test('[T32] a tenant that moves has off at once what it may not use there, with its data; what it needs of the tenant it leaves refuses the move', async () => {
  await using kernel = await sharing([bell('1.0.0', true), ringer()])
  const { platform, ccasId } = kernel
  await platform.installations.enable(ccasId, RINGER, '*', OPERATOR)
  const move = () => platform.tenants.move('ccas', 'commune-2', OPERATOR)
  await expect(move()).rejects.toMatchObject({ code: 'SHARE_NEEDED', message: expect.stringContaining('"fr.test.ringer" of CCAS') as string })
  expect(platform.tenants.bySlug('ccas')?.parentId).toBe(kernel.tenantId())
  await platform.installations.enable(ccasId, BELL, '*', OPERATOR)
  const other = platform.tenants.bySlug('commune-2')
  if (other === undefined) throw new Error('It was made.')
  await platform.entitlementDesk.revoke(other, [BELL], { disable: true }, OPERATOR)
  // What may stay on needs what may not: nothing is changed.
  await expect(move()).rejects.toMatchObject({ code: 'PLUGIN_NEEDED' })
  expect([platform.tenants.bySlug('ccas')?.parentId, await ring(kernel)]).toEqual([kernel.tenantId(), '1.0.0'])
  await platform.installations.disable(ccasId, RINGER, OPERATOR)
  await move()
  expect([platform.installations.modules(ccasId).byId.has(BELL), await stateOf(kernel, ccasId, BELL), platform.entitlements.mayUse(ccasId, BELL)]).toEqual([false, 'inactive', false])
  expect((await platform.audit.list(ccasId, { limit: 5 })).map(({ action }) => action)).toEqual(expect.arrayContaining(['tenant.moved', 'plugin.disabled']))
  await kernel.restart()
  expect(await stateOf(kernel, ccasId, BELL)).toBe('inactive')
})
