import { expect, test } from 'vitest'
import { at, logIn, person, startTree } from './delegation-kit.ts'
import { OPERATOR, PASSWORD, type Kernel } from './kernel-kit.ts'
import { notesPlugin } from './notes-plugin.tsx'

const HTML = { headers: { accept: 'text/html' } }
const MAIRIE = 'mairie@commune.example'
const by = (who: { readonly id: string; readonly name: string }) => ({ kind: 'account', id: who.id, name: who.name }) as const

async function withVillage(population: number | null = 800): Promise<Kernel & { readonly village: string; readonly ccasId: string; readonly poolId: string }> {
  const kernel = await startTree({ plugins: [notesPlugin] })
  const { id } = await kernel.platform.tenants.create({ kind: 'commune', name: 'Village', slug: 'village', ...(population === null ? {} : { population }) }, OPERATOR)
  return Object.assign(kernel, { village: id })
}
const ruleOf = async (kernel: Kernel, tenantId: string) => (await kernel.platform.administrators.of(tenantId)).rule

test('[T26] who administers is whoever has the role, else holds the official address, else is the only agent of a small commune; each from the next request on', async () => {
  await using kernel = await withVillage()
  const { platform, village } = kernel
  const clerk = await person(kernel, village, ['agent'], 'Secrétaire')
  const { client } = await logIn(kernel, 'village', clerk.login)
  const opens = async (who: typeof client): Promise<number> => (await who.get('/admin', HTML)).status
  expect([await ruleOf(kernel, village), await opens(client)]).toEqual(['small-commune', 200])
  expect((await client.get('/admin/qui-administre', HTML)).text).toContain('petite commune')
  // Somebody at the official address goes before the only agent.
  await platform.administrators.setOfficialAddress(village, ` ${MAIRIE.toUpperCase()} `, OPERATOR)
  const mayor = await platform.accounts.create(village, { login: 'maire', name: 'Maire', password: PASSWORD, email: MAIRIE, roles: ['citizen'] }, OPERATOR)
  const second = (await logIn(kernel, 'village', 'maire')).client
  expect([await ruleOf(kernel, village), await opens(client), await opens(second)]).toEqual(['official-address', 403, 200])
  // And the role before both.
  const named = await person(kernel, village, ['tenant-admin'], 'Nommée')
  const third = (await logIn(kernel, 'village', named.login)).client
  expect([await ruleOf(kernel, village), await opens(client), await opens(second), await opens(third)]).toEqual(['explicit', 403, 403, 200])
  await platform.accounts.disable(village, named.id, OPERATOR)
  expect([await ruleOf(kernel, village), await opens(second)]).toEqual(['official-address', 200])
  await platform.accounts.disable(village, mayor.id, OPERATOR)
  expect([await ruleOf(kernel, village), await opens(client)]).toEqual(['small-commune', 200])
  await person(kernel, village, ['agent'], 'Deuxième')
  expect([await ruleOf(kernel, village), await opens(client)]).toEqual(['none', 403])
})

test('[T26] population counts where it is known and at most the threshold of the day; a token acts like its account', async () => {
  await using kernel = await withVillage(3_501)
  const { platform, village } = kernel
  const clerk = await person(kernel, village, ['agent'], 'Secrétaire')
  const now = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(kernel.outside.now())
  expect(await ruleOf(kernel, village)).toBe('none')
  const tomorrow = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(kernel.outside.now() + 86_400_000)
  await platform.thresholds.set({ validFrom: tomorrow, population: 5_000 }, OPERATOR)
  expect(await ruleOf(kernel, village)).toBe('none')
  kernel.outside.advance(86_400_000)
  expect(await ruleOf(kernel, village)).toBe('small-commune')
  const { token } = await platform.apiTokens.create(village, clerk.id, { label: 'essai' }, OPERATOR)
  const principal = await platform.apiTokens.resolve(`Bearer ${token}`, platform.tenants.byId(village) ?? (() => { throw new Error('no village') })())
  expect(principal?.roles).toEqual(['agent', 'tenant-admin'])
  await expect(platform.thresholds.set({ validFrom: now, population: 1 }, OPERATOR)).rejects.toMatchObject({ code: 'SETTING_INVALID' })
  await using other = await withVillage(null)
  await person(other, other.village, ['agent'])
  expect(await ruleOf(other, other.village)).toBe('none')
  await person(other, other.ccasId, ['agent'])
  expect(await ruleOf(other, other.ccasId)).toBe('none')
})

test('[T27] an address counts when the Pool vouches for it, and no more once it changes; nobody vouches for themselves', async () => {
  await using kernel = await withVillage(20_000)
  const { platform, village, poolId } = kernel
  await platform.administrators.setOfficialAddress(village, MAIRIE, OPERATOR)
  const admin = await person(kernel, village, ['tenant-admin'], 'Admin')
  const { id } = await platform.accounts.create(village, { login: 'faux', name: 'Faux', password: PASSWORD, email: MAIRIE }, by(admin))
  await platform.accounts.disable(village, admin.id, OPERATOR)
  expect(await ruleOf(kernel, village)).toBe('none')
  for (const actor of [by({ id, name: 'Faux' }), by(admin), { ...OPERATOR, grant: 'g' }]) {
    await expect(platform.administrators.proveAddress(village, id, actor)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(platform.administrators.setOfficialAddress(village, 'faux@evil.example', actor)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  }
  const entrant = { ...OPERATOR, grant: 'g' }
  const left = await platform.accounts.create(village, { login: 'reste', name: 'Reste', password: PASSWORD, email: MAIRIE }, entrant)
  await platform.accounts.updateProfile(village, id, { email: 'autre@commune.example' }, entrant)
  await platform.accounts.updateProfile(village, id, { email: MAIRIE }, entrant)
  expect([left.emailProven, await ruleOf(kernel, village)]).toEqual([false, 'none'])
  const console = await kernel.as('pool-admin', 'pool')
  expect((await console.get('/collectivites/village/administration', HTML)).text).toContain('Adresse non vérifiée')
  expect((await console.submit(`/collectivites/village/administration/comptes/${admin.id}/attester`, {}, '/collectivites/village/administration')).status).toBe(404)
  expect((await console.submit(`/collectivites/village/administration/comptes/${id}/attester`, {}, '/collectivites/village/administration')).status).toBe(303)
  expect(await ruleOf(kernel, village)).toBe('official-address')
  await platform.accounts.updateProfile(village, id, { email: 'autre@commune.example' }, { kind: 'system', id: 'system', name: 'x' })
  await platform.accounts.updateProfile(village, id, { email: MAIRIE }, { kind: 'system', id: 'system', name: 'x' })
  expect(await ruleOf(kernel, village)).toBe('none')
  expect((await platform.audit.list(poolId, { limit: 50 })).map(({ action }) => action)).toEqual(expect.arrayContaining(['account.address-proven', 'tenant.official-address']))
})

test('[T28] each change of who administers is on record, over restarts once; whoever administers cannot leave the tenant with nobody', async () => {
  await using kernel = await withVillage()
  const { platform, village } = kernel
  const clerk = await person(kernel, village, ['agent'], 'Secrétaire')
  const { client } = await logIn(kernel, 'village', clerk.login)
  const refused = await client.submit('/admin/comptes', { login: 'collegue', name: 'Collègue', role: ['agent'] })
  expect([refused.status, refused.text.includes('plus personne n’administrerait')]).toEqual([422, true])
  expect((await platform.accounts.list(village)).total).toBe(1)
  await expect(platform.accounts.setRoles(village, clerk.id, [], by(clerk))).rejects.toMatchObject({ code: 'ADMINISTRATOR_NEEDED' })
  expect((await client.submit('/admin/qui-administre/confirmer', {}, '/admin/qui-administre')).status).toBe(303)
  expect((await platform.accounts.get(village, clerk.id))?.roles).toEqual(['agent', 'tenant-admin'])
  expect((await client.submit('/admin/comptes', { login: 'collegue', name: 'Collègue', role: ['agent'] })).status).toBe(200)
  await kernel.restart()
  await kernel.platform.administrators.of(village)
  const resolved = (await kernel.platform.audit.list(village, { limit: 50, action: 'administrators.resolved' })).map(({ detail }) => [detail?.['rule'], detail?.['who']])
  expect(resolved).toEqual([['explicit', 'Secrétaire'], ['small-commune', 'Secrétaire']])
})

test('[I24] one changes one’s own password by the current one, guarded like a login; other sessions and all tokens end', async () => {
  await using kernel = await startTree({ plugins: [notesPlugin] })
  const { platform } = kernel
  const anne = await person(kernel, kernel.tenantId(), ['agent'], 'Anne')
  const [{ client }, { client: other }] = [await logIn(kernel, 'commune-1', anne.login), await logIn(kernel, 'commune-1', anne.login)]
  const { token } = await platform.apiTokens.create(kernel.tenantId(), anne.id, { label: 'essai' }, OPERATOR)
  const change = (current: string, next: string, again = next) => client.submit('/compte/mot-de-passe', { current, next, again }, '/compte')
  const wrong = [await change(PASSWORD, 'court'), await change(PASSWORD, 'assez-longue-pour-aller', 'autre-chose'), await change('faux-mot-de-passe', 'assez-longue-pour-aller')]
  expect(wrong.map(({ status, text }) => [status, text.includes('aria-invalid="true"')])).toEqual([[422, true], [422, true], [422, true]])
  expect((await change(PASSWORD, 'assez-longue-pour-aller')).status).toBe(303)
  expect([(await client.get('/compte', HTML)).status, (await other.get('/compte', HTML)).status]).toEqual([200, 303])
  expect(await platform.apiTokens.resolve(`Bearer ${token}`, platform.tenants.byId(kernel.tenantId()) ?? (() => { throw new Error('no tenant') })())).toBe(undefined)
  expect([(await logIn(kernel, 'commune-1', anne.login)).status, (await at(kernel, 'commune-1').post('/auth/login', { login: anne.login, password: 'assez-longue-pour-aller' })).status]).toEqual([401, 200])
  let last = 0
  for (let guess = 0; guess < 7 && last !== 429; guess += 1) last = (await change('faux-mot-de-passe', 'encore-une-autre-phrase')).status
  expect(last).toBe(429)
})

test('[I25] an administrator makes, renames and deletes roles on the page; those of plugins and of the platform stay', async () => {
  await using kernel = await startTree({ plugins: [notesPlugin] })
  const { platform } = kernel
  const admin = await kernel.as('tenant-admin')
  expect((await admin.submit('/admin/roles/nouveau', { id: 'Agent école', title: '' }, '/admin/roles')).status).toBe(422)
  expect((await admin.submit('/admin/roles/nouveau', { id: 'agent.ecole', title: 'École' }, '/admin/roles')).status).toBe(303)
  expect((await admin.submit('/admin/roles/agent.ecole/renommer', { title: 'Agent des écoles' }, '/admin/roles')).status).toBe(303)
  expect((await platform.roles.list(kernel.tenantId())).find(({ id }) => id === 'agent.ecole')?.title).toEqual({ fr: 'Agent des écoles' })
  for (const id of ['agent', 'tenant-admin', 'nobody']) {
    expect([id, (await admin.submit(`/admin/roles/${id}/renommer`, { title: 'X' }, '/admin/roles')).status, (await admin.submit(`/admin/roles/${id}/supprimer`, {}, '/admin/roles')).status]).toEqual([id, 422, 422])
  }
  expect((await admin.submit('/admin/roles/agent.ecole/supprimer', {}, '/admin/roles')).status).toBe(303)
  expect((await platform.roles.list(kernel.tenantId())).map(({ id }) => id)).not.toContain('agent.ecole')
})

test('[I26] tokens are listed and revoked by the administrator, and by whom they stand for; nobody else', async () => {
  await using kernel = await startTree({ plugins: [notesPlugin] })
  const { platform } = kernel
  const anne = await person(kernel, kernel.tenantId(), ['agent'], 'Anne')
  const paul = await person(kernel, kernel.tenantId(), ['agent'], 'Paul')
  const { client } = await logIn(kernel, 'commune-1', anne.login)
  const token = (label: string, id = anne.id) => platform.apiTokens.create(kernel.tenantId(), id, { label }, OPERATOR)
  const [one, two, pauls] = [await token('Paie'), await token('Site web'), await token('Autre', paul.id)]
  const own = await client.get('/compte', HTML)
  expect([own.text.includes('Paie'), own.text.includes('Site web'), own.text.includes('Autre')]).toEqual([true, true, false])
  expect([(await client.submit(`/compte/jetons/${pauls.id}/revoquer`, {}, '/compte')).status, (await client.submit(`/compte/jetons/${one.id}/revoquer`, {}, '/compte')).status]).toEqual([404, 303])
  const admin = await kernel.as('tenant-admin')
  expect((await admin.get(`/admin/comptes/${anne.id}`, HTML)).text).toContain('Site web')
  expect((await admin.submit(`/admin/comptes/${anne.id}/jetons/${two.id}/revoquer`, {}, `/admin/comptes/${anne.id}`)).status).toBe(303)
  expect((await platform.apiTokens.list(kernel.tenantId())).map(({ label }) => label)).toEqual(['Autre'])
})
