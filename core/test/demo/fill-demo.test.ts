import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { definePlugin } from '@liberacces/sdk'
import { expect, onTestFinished, test } from 'vitest'
import { givenPlugin, pluginsUnder } from '../../src/catalogue/plugin-source.ts'
import { LA_ROCHELLE, planDemoTenants } from '../../src/demo/demo-collectivites.ts'
import type { DemoAccount } from '../../src/demo/demo-accounts.ts'
import { readDemoState } from '../../src/demo/demo-state.ts'
import { fillDemo } from '../../src/demo/fill-demo.ts'
import type { PlatformError } from '../../src/errors.ts'
import type { Platform } from '../../src/platform.ts'
import { createCommunes } from '../../src/tenancy/communes.ts'
import { isSiren } from '../../src/tenancy/siren.ts'
import { BROKEN_PLUGINS, PLUGINS, temporaryFolder } from '../cli/cli-kit.ts'
import { runEnvironment } from '../run-environment.ts'
import { addressOf, makeSmallDemo, openPlatform, SMALL_AREA } from './demo-kit.ts'

/** Opens a platform that is closed when the test ends. */
async function opened(dataFolder: string): Promise<Platform> {
  const platform = await openPlatform(dataFolder)
  onTestFinished(async () => { await platform.stop() })
  return platform
}

const listed = (data: string): readonly DemoAccount[] => JSON.parse(readFileSync(join(data, 'demo-accounts.json'), 'utf8')) as DemoAccount[]

/** Titles of a tenant's notices. */
async function noticesOf({ tenants, storage }: Platform, slug: string): Promise<readonly unknown[]> {
  const rows = await storage.store({ tenantId: tenants.bySlug(slug)?.id ?? '', pluginId: 'fr.example.notices' }).db.selectFrom('notice').select('title').orderBy('title').execute()
  return rows.map(({ title }) => title)
}

test('[C11] the area is the communauté d’agglomération of La Rochelle, its 28 communes and a CCAS with a made-up SIREN', async () => {
  const planned = await planDemoTenants(LA_ROCHELLE, createCommunes())
  const kinds = planned.map(({ wish }) => wish.kind)
  expect(planned[0]?.wish).toEqual({ kind: 'pool', siren: '241700434', name: 'CA de La Rochelle' })
  expect(kinds.filter((kind) => kind === 'commune')).toHaveLength(28)
  expect(planned.at(-1)).toEqual({ wish: { kind: 'satellite', name: 'CCAS de La Rochelle', slug: 'ccas-la-rochelle', siren: '261799993' }, below: '17300' })
  expect(isSiren('261799993')).toBe(true)
})

test('[C11] a demonstration has real tenants, every plugin on all of them but the Pool, data in each, and accounts that exist', async () => {
  const data = temporaryFolder()
  const seen: string[] = []
  expect(await makeSmallDemo(data, { progress: { tenant: ({ info }, done, total, holds) => { seen.push(`${done}/${total} ${info.slug} ${holds.plugins} ${holds.accounts}`) }, problem: (error) => { throw error } } })).toBe(true)
  expect(seen).toEqual(['1/4 pool 0 1', '2/4 la-rochelle 2 4', '3/4 aytre 2 4', '4/4 ccas-la-rochelle 2 4'])

  const platform = await opened(data)
  expect(platform.tenants.list().map(({ info, parentId }) => [info.slug, info.insee, info.siren, info.population, parentId === undefined ? undefined : platform.tenants.byId(parentId)?.info.slug])).toEqual([
    ['pool', undefined, '241700434', expect.any(Number), undefined],
    ['aytre', '17028', '211700281', 9746, 'pool'],
    ['ccas-la-rochelle', undefined, '261799993', undefined, 'la-rochelle'],
    ['la-rochelle', '17300', '211703004', 79851, 'pool'],
  ])
  expect(await noticesOf(platform, 'aytre')).toEqual([expect.stringContaining('Collecte n°'), 'Marché : Aytré'])
  expect(platform.installations.modules(platform.tenants.pool()?.id ?? '').releases).toEqual([])

  const accounts = listed(data)
  expect(accounts.map(({ tenant, role }) => `${tenant} ${role}`)).toEqual([
    'pool pool-admin',
    ...['la-rochelle', 'aytre', 'ccas-la-rochelle'].flatMap((slug) => ['tenant-admin', 'agent', 'agent.communication', 'citizen'].map((role) => `${slug} ${role}`)),
  ])
  expect(accounts[0]).toEqual({ tenant: 'pool', url: 'http://pool.localhost:3000', login: expect.any(String), password: expect.stringMatching(/^[a-z]{6}-[a-z]{6}-[a-z]{6}$/), role: 'pool-admin', roles: ['pool-admin'], name: expect.any(String) })
  expect(new Set(accounts.map(({ password }) => password)).size).toBe(accounts.length)
  expect(statSync(join(data, 'demo-accounts.json')).mode & 0o777).toBe(0o600)
  for (const { tenant, login, roles, name } of accounts) {
    const account = await platform.accounts.findByLogin(platform.tenants.bySlug(tenant)?.id ?? '', login)
    expect(account).toMatchObject({ login, name, roles: roles.toSorted(), status: 'active' })
  }
})

test('[C11] the same tenant gets the same data and people every time, and other passwords', async () => {
  const [one, two] = [temporaryFolder(), temporaryFolder()]
  await makeSmallDemo(one)
  await makeSmallDemo(two)
  expect(await noticesOf(await opened(one), 'aytre')).toEqual(await noticesOf(await opened(two), 'aytre'))
  expect(listed(one).map(({ login }) => login)).toEqual(listed(two).map(({ login }) => login))
  expect(listed(one).map(({ password }) => password)).not.toEqual(listed(two).map(({ password }) => password))
})

test('[C12] killed in the middle of filling a plugin, it goes on at the next start, and nothing is there twice', async () => {
  const data = temporaryFolder()
  await runEnvironment(data)
  const { signal } = spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('./demo-process.ts', import.meta.url)), data], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)), env: { ...process.env, TEST_KILL_IN_DEMO_OF: 'aytre' },
  })
  expect(signal).toBe('SIGKILL')
  expect(readDemoState(data)).toMatchObject({ state: 'filling', filling: expect.stringContaining('fr.example.notices') })
  // Nobody takes an unfinished list for the list.
  expect(existsSync(join(data, 'demo-accounts.json'))).toBe(false)
  const before = await openPlatform(data)
  const halfFilled = await noticesOf(before, 'aytre')
  const first = await before.accounts.list(before.tenants.bySlug('la-rochelle')?.id ?? '')
  await before.stop()
  expect(halfFilled).toHaveLength(1)

  expect(await makeSmallDemo(data)).toBe(true)
  const platform = await opened(data)
  expect(platform.tenants.list()).toHaveLength(4)
  for (const slug of ['la-rochelle', 'aytre', 'ccas-la-rochelle']) expect(await noticesOf(platform, slug)).toHaveLength(2)
  // Accounts of before are as they were, and their passwords are known.
  expect((await platform.accounts.list(platform.tenants.bySlug('la-rochelle')?.id ?? '')).accounts).toEqual(first.accounts)
  expect(listed(data)).toHaveLength(13)
  expect(existsSync(join(data, 'demo-accounts.unfinished.json'))).toBe(false)
})

test('[C12] stopped between two steps it is not complete, and goes on from there', async () => {
  const data = temporaryFolder()
  const stop = new AbortController()
  const seen: string[] = []
  const progress = { tenant: ({ info }: { readonly info: { readonly slug: string } }) => { seen.push(info.slug); if (info.slug === 'la-rochelle') stop.abort() }, problem: () => undefined }
  expect(await makeSmallDemo(data, { signal: stop.signal, progress })).toBe(false)
  expect(seen).toEqual(['pool', 'la-rochelle'])
  expect(await makeSmallDemo(data)).toBe(true)
  expect(await noticesOf(await opened(data), 'la-rochelle')).toHaveLength(2)
})

test('[C13] made-up people never come among real ones', async () => {
  const data = temporaryFolder()
  const platform = await opened(data)
  await platform.tenants.create({ kind: 'pool', siren: '241700434' }, { kind: 'operator', id: 'o', name: 'o' })
  await expect(fillDemo(platform, { area: SMALL_AREA, addressOf })).rejects.toMatchObject({ code: 'DATA_LOCKED', fix: expect.stringContaining('liberacces serve') })
  expect(platform.tenants.list()).toHaveLength(1)
})

test('[C14] a plugin that cannot be loaded, switched on or filled costs only itself', async () => {
  const failing = definePlugin()({
    id: 'fr.example.failing', version: '1.0.0', path: 'failing', sdk: '*', license: 'MIT', title: { fr: 'F' }, publisher: { name: 'E', contact: 'x' },
    scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} }, demo: () => Promise.reject(new Error('no imagination')), setup: () => undefined,
  })
  const lonely = definePlugin()({
    id: 'fr.example.lonely', version: '1.0.0', path: 'lonely', sdk: '*', license: 'MIT', title: { fr: 'L' }, publisher: { name: 'E', contact: 'x' },
    scopes: [], requires: { 'fr.example.nobody/v1': '*' }, privacy: { stores: [] }, messages: { fr: {}, en: {} }, setup: () => undefined,
  })
  const platform = await openPlatform(temporaryFolder(), [...await pluginsUnder(PLUGINS), ...await pluginsUnder(BROKEN_PLUGINS), givenPlugin(failing), givenPlugin(lonely)])
  onTestFinished(async () => { await platform.stop() })
  const problems: PlatformError[] = []
  expect(await fillDemo(platform, { area: { ...SMALL_AREA, communes: ['17028'] }, addressOf, progress: { tenant: () => undefined, problem: (error) => { problems.push(error) } } })).toBe(true)
  expect(problems.map(({ code }) => code)).toEqual(['PLUGIN_LOAD_FAILED', 'PLUGIN_NEED_MISSING', 'PLUGIN_CALL_FAILED'])
  expect(await noticesOf(platform, 'aytre')).toHaveLength(2)
})
