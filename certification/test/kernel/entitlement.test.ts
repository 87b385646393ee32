import { startTestPlatform } from '@liberacces/certification/testing'
import { definePlugin, type Plugin } from '@liberacces/sdk'
import { expect, test } from 'vitest'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const ID = 'fr.test.small'
const small = definePlugin()({
  id: ID, version: '1.0.0', path: 'small', sdk: '*', license: 'MIT', title: { fr: 'Petit' }, publisher: { name: 'Test', contact: 'x' },
  runtime: 'inline', scopes: ['db'], privacy: { stores: [] }, messages: { fr: {}, en: {} }, setup: () => undefined,
}) as Plugin

test('[Q1] what the Pool does not grant is refused when it is switched on, on the platform that runs, and granted it is switched on', async () => {
  await using kit = await startTestPlatform({ plugins: [small], tenants: 2 })
  const { installations, entitlements, tenants } = kit.platform
  const tenant = tenants.byId(kit.tenant(0).id)!
  await installations.disable(tenant.id, ID, BY)
  await entitlements.revoke(tenant, [ID], BY)
  await expect(installations.enable(tenant.id, ID, '*', BY)).rejects.toMatchObject({ code: 'PLUGIN_NOT_ENTITLED' })
  await expect(installations.enableTogether(tenant.id, [ID], BY)).rejects.toMatchObject({ code: 'PLUGIN_NOT_ENTITLED' })
  expect((await installations.list(tenant.id))[0]?.state).toBe('inactive')
  await entitlements.grant(tenant, [ID], BY)
  expect((await installations.enable(tenant.id, ID, '*', BY)).state).toBe('active')
})

test('[Q12] a stop between the decision and the switching off is made up for at the next start', async () => {
  await using kit = await startTestPlatform({ plugins: [small], tenants: 2 })
  const { tenants } = kit.platform
  const [first, second] = [tenants.byId(kit.tenant(0).id)!, tenants.byId(kit.tenant(1).id)!]
  // What the command does first; then the process dies.
  await kit.platform.entitlements.revoke(first, [ID], BY)
  expect(kit.platform.installations.modules(first.id).byId.has(ID)).toBe(true)
  await kit.crash()
  expect([first, second].map(({ id }) => kit.platform.installations.modules(id).byId.has(ID))).toEqual([false, true])
  expect((await kit.platform.installations.list(first.id))[0]?.state).toBe('inactive')
  expect(await kit.platform.audit.list(first.id, { limit: 1 })).toMatchObject([{ action: 'plugin.disabled', actor: { kind: 'system' }, target: ID }])
})
