import { definePlugin, Type, type Plugin } from '@liberacces/sdk'
import { expect, onTestFinished, test } from 'vitest'
import { givenPlugin } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import { KERNEL_ID } from '../../src/identity/kernel-permissions.ts'
import { createLog } from '../../src/http/log.ts'
import { createPlatform, type Platform } from '../../src/platform.ts'
import { runEnvironment } from '../run-environment.ts'
import { archiveFile } from '../catalogue/releases-kit.ts'
import { NOTES, temporaryFolder } from '../storage/temporary-storage.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const ID = 'fr.test.board'

function board(version: string): Plugin {
  return definePlugin()({
    id: ID, version, path: 'board', sdk: '*', license: 'MIT', title: { fr: 'Board' }, publisher: { name: 'Test', contact: 'x' },
    runtime: 'inline', scopes: ['db'], optionalScopes: { 'mail:send': { fr: 'Mail' } }, privacy: { stores: [] }, messages: { fr: {}, en: {} }, migrations: NOTES,
    permissions: { 'note.read': { title: { fr: 'Lire' }, roles: [] } }, settings: Type.Object({ count: Type.Integer({ default: 1 }) }),
    setup: () => undefined,
  }) as unknown as Plugin
}

async function opened(): Promise<{ readonly platform: Platform; readonly communeId: string; readonly ccasId: string; readonly folder: string }> {
  const folder = temporaryFolder()
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', ...await runEnvironment(folder) }, folder), log: createLog('silent'), plugins: [board('1.0.0'), board('1.1.0')].map(givenPlugin),
  })
  onTestFinished(async () => { await platform.stop() })
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const commune = await platform.tenants.create({ kind: 'commune', name: 'Aytré' }, BY)
  const ccas = await platform.tenants.create({ kind: 'satellite', name: 'CCAS', parent: 'aytre' }, BY)
  return { platform, communeId: commune.id, ccasId: ccas.id, folder }
}

test('[M1] tenants and their hosts that changed beneath a process are read anew; one that did not change stays the same object', async () => {
  const { platform, communeId, ccasId } = await opened()
  const { storage: { platform: db }, tenants, bulletin } = platform
  const pool = tenants.pool()
  await db.updateTable('tenant').set({ name: 'Ville d’Aytré', slug: 'ville-aytre' }).where('id', '=', communeId).execute()
  await db.insertInto('host').values({ host: 'www.aytre.example', tenant_id: communeId }).execute()
  await db.deleteFrom('tenant').where('id', '=', ccasId).execute()
  await db.insertInto('tenant').values({ id: 'n-1', slug: 'nieul', name: 'Nieul', kind: 'commune', parent_id: pool?.id ?? null, siren: null, insee: null, population: 9, created_at: 0 }).execute()
  await bulletin.reloadAll()
  expect([tenants.byHost('www.aytre.example')?.info.name, tenants.byHost('aytre.localhost'), tenants.byId(ccasId), tenants.bySlug('nieul')?.parentId, tenants.list().map(({ info }) => info.slug)])
    .toEqual(['Ville d’Aytré', undefined, undefined, pool?.id, ['pool', 'nieul', 'ville-aytre']])
  expect(tenants.pool()).toBe(pool)
})

test('[M1] entitlements, settings, consents, roles, thresholds, shares, grants and administrators that changed beneath a process are read anew', async () => {
  const { platform, communeId, ccasId } = await opened()
  const { storage: { platform: db }, installations, entitlements, settings, consents, roles, thresholds, shares, grants, administrators, accounts, bulletin, tenants } = platform
  await installations.enable(communeId, ID, '1.0.0', BY)
  const agent = await accounts.create(communeId, { login: 'agent', name: 'Agent', password: 'quatre chevaux bleus', roles: ['agent'], email: 'mairie@aytre.example' }, BY)
  const known = async () => ({
    may: entitlements.mayUse(communeId, ID), quota: entitlements.quota(communeId, 'mails'),
    settings: await settings.get(communeId, ID), own: settings.peekKernel(communeId)?.contact,
    granted: [...await consents.granted(communeId, ID)].sort(), agents: (await roles.permissionsOf(communeId, ['agent'])).has(`${ID}/note.read`),
    threshold: thresholds.current().population, accountsFrom: shares.accountsFrom(ccasId), waiting: grants.waitingFor(communeId).length,
    administrators: (await administrators.of(communeId)).rule,
  })
  expect(await known()).toEqual({
    may: true, quota: undefined, settings: { count: 1 }, own: '', granted: ['db', 'mail:send'], agents: false, threshold: 3_500, accountsFrom: undefined, waiting: 0, administrators: 'none',
  })
  const now = Date.now()
  await db.insertInto('entitlement').values({ tenant_id: communeId, policy_json: JSON.stringify({ plugins: ['all-but', ID], quotas: [['mails', 3]] }) }).execute()
  await db.insertInto('setting').values([{ tenant_id: communeId, plugin_id: ID, value_json: '{"count":5}', updated_at: now }, { tenant_id: communeId, plugin_id: KERNEL_ID, value_json: '{"contact":"a@b.fr"}', updated_at: now }]).execute()
  await db.updateTable('consent').set({ decision: 'refused' }).where('scope', '=', 'mail:send').execute()
  await db.insertInto('role_permission').values({ tenant_id: communeId, role: 'agent', permission: `${ID}/note.read`, granted: 1 }).execute()
  await db.insertInto('population_threshold').values({ valid_from: '2001-01-01', population: 100, set_at: now, set_by: 'x' }).execute()
  await db.insertInto('share').values({ satellite_id: ccasId, parent_id: communeId, what: 'accounts', permissions_json: '[]', offered_at: now, offered_by: 'x', accepted_at: now, accepted_by: 'y' }).execute()
  await db.insertInto('operator_grant').values({
    id: 'g-1', tenant_id: communeId, account_id: agent.id, operator_name: 'x', role: 'agent', writes: 0, reason: 'why', minutes: 30, requested_at: now, requested_by: 'x', decide_by: now + 1e6,
    opened_at: null, opened_by: null, ends_at: null, ended_at: null, ended_by: null, end_kind: null,
  }).execute()
  await db.updateTable('governance').set({ official_email: 'mairie@aytre.example' }).where('tenant_id', '=', communeId).execute()
  await db.insertInto('governance').values({ tenant_id: communeId, official_email: 'mairie@aytre.example' }).onConflict((conflict) => conflict.doNothing()).execute()
  await db.updateTable('account').set({ email_proven_at: now }).where('id', '=', agent.id).execute()
  await bulletin.reloadAll()
  expect(await known()).toEqual({
    may: false, quota: 3, settings: { count: 5 }, own: 'a@b.fr', granted: ['db'], agents: true, threshold: 100, accountsFrom: communeId, waiting: 1, administrators: 'official-address',
  })
  for (const table of ['entitlement', 'setting', 'role_permission', 'population_threshold', 'share', 'operator_grant'] as const) await db.deleteFrom(table).execute()
  await db.deleteFrom('account').execute()
  await bulletin.reloadAll()
  expect(await known()).toEqual({
    may: true, quota: undefined, settings: { count: 1 }, own: '', granted: ['db'], agents: false, threshold: 3_500, accountsFrom: undefined, waiting: 0, administrators: 'none',
  })
  expect(tenants.size).toBe(3)
})

test('[M1] what runs where follows the table: on, moved, off; a release that came beneath a process is in the catalogue, one that went is not', async () => {
  const { platform, communeId, ccasId, folder } = await opened()
  const { storage: { platform: db }, installations, catalogue, bulletin, releases } = platform
  await installations.enable(communeId, ID, '1.0.0', BY)
  const running = () => [communeId, ccasId].map((id) => installations.modules(id).releases.map(({ manifest }) => manifest.version))
  await db.updateTable('installation').set({ version: '1.1.0' }).where('tenant_id', '=', communeId).execute()
  await db.insertInto('installation').values({ tenant_id: ccasId, plugin_id: ID, version: '1.0.0', digest: null, state: 'active', since: 0, error: null }).execute()
  await bulletin.reloadAll()
  expect(running()).toEqual([['1.1.0'], ['1.0.0']])
  await db.updateTable('installation').set({ state: 'inactive' }).where('tenant_id', '=', communeId).execute()
  await db.deleteFrom('installation').where('tenant_id', '=', ccasId).execute()
  await bulletin.reloadAll()
  expect(running()).toEqual([[], []])

  const installed = await releases.install(await archiveFile(folder), '/', BY)
  const row = await db.selectFrom('release').selectAll().executeTakeFirstOrThrow()
  await db.deleteFrom('release').execute()
  await bulletin.reloadAll()
  expect(catalogue.find(installed.id)).toEqual([])
  await db.insertInto('release').values(row).execute()
  await bulletin.reloadAll()
  expect(catalogue.find(installed.id)).toEqual([installed.manifest])
  expect((await catalogue.load(installed.id, installed.version)).manifest).toEqual(installed.manifest)
})
