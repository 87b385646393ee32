import { definePlugin, defineService, Type } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { at, logIn, person, startTree } from './delegation-kit.ts'
import { OPERATOR, PASSWORD, type Kernel } from './kernel-kit.ts'
import { notesPlugin, readerPlugin } from './notes-plugin.tsx'
import { COMMON, NOTE_MIGRATIONS, type NoteTable } from './plugin-parts.ts'

const HTML = { headers: { accept: 'text/html' } }
const start = () => startTree({ plugins: [notesPlugin, readerPlugin], enable: ['fr.test.notes'] })
const code = (call: Promise<unknown>) => call.then(() => 'done', (error: { code?: string }) => error.code)

async function shareAccounts(kernel: Kernel & { readonly ccasId: string }): Promise<void> {
  await kernel.platform.shares.offer(kernel.tenantId(), kernel.ccasId, { what: 'accounts' }, OPERATOR)
  await kernel.platform.shares.accept(kernel.ccasId, 'accounts', OPERATOR)
}

test('[T20] an account of the tenant above logs in at its satellite with its own password when both sides said so, and has there the roles that the satellite gave it', async () => {
  await using kernel = await start()
  const { platform, ccasId } = kernel
  await platform.installations.enable(ccasId, 'fr.test.notes', '*', OPERATOR)
  const marie = await person(kernel, kernel.tenantId(), ['tenant-admin'], 'Marie')
  const admin = (await logIn(kernel, 'commune-1', marie.login)).client
  const boss = await person(kernel, ccasId, ['tenant-admin'], 'Chef')
  const satellite = (await logIn(kernel, 'ccas', boss.login)).client
  expect((await logIn(kernel, 'ccas', marie.login)).status).toBe(401)
  expect((await admin.submit('/admin/partages/ccas/proposer', { what: 'accounts' }, '/admin/partages')).status).toBe(303)
  expect([(await logIn(kernel, 'ccas', marie.login)).status, platform.shares.accountsFrom(ccasId)]).toEqual([401, undefined])
  expect((await satellite.submit('/admin/partages/accepter', { what: 'accounts' }, '/admin/partages')).status).toBe(303)
  // Sharing alone lets nobody in.
  expect((await logIn(kernel, 'ccas', marie.login)).status).toBe(401)
  expect((await satellite.submit('/admin/partages/invites', { login: marie.login, role: ['agent'] }, '/admin/partages')).status).toBe(303)
  const { client, status } = await logIn(kernel, 'ccas', marie.login)
  expect([status, (await client.get('/bureau', HTML)).status, (await client.get('/admin', HTML)).status, (await client.get('/apps/notes/api/notes')).status]).toEqual([200, 200, 403, 200])
  expect((await client.get('/compte', HTML)).text).toContain('Commune 1')
  expect(await code(client.submit('/compte/mot-de-passe', { current: PASSWORD, next: 'another-long-password', again: 'another-long-password' }, '/bureau').then(({ status: answer }) => { if (answer === 403) throw Object.assign(new Error('refused'), { code: '403' }) }))).toBe('403')
  // The satellite's own account of the same login goes first, and the neighbour knows nobody.
  const { id } = await platform.accounts.create(ccasId, { login: marie.login, name: 'Une autre Marie', password: 'the-password-of-the-other', roles: [] }, OPERATOR)
  expect([(await logIn(kernel, 'ccas', marie.login)).status, (await logIn(kernel, 'commune-2', marie.login)).status]).toEqual([401, 401])
  await platform.storage.platform.deleteFrom('account').where('id', '=', id).execute()
  const trails = await Promise.all([ccasId, kernel.tenantId()].map(async (tenantId) => (await platform.audit.list(tenantId, { limit: 100 })).map(({ action }) => action)))
  for (const trail of trails) expect(trail).toEqual(expect.arrayContaining(['share.offered', 'share.accepted', 'login.succeeded']))
  expect(trails[0]).toContain('guest.roles-changed')
})

test('[T21] nothing that was agreed with a tenant is left for one that comes later under its id', async () => {
  await using kernel = await start()
  const { platform, ccasId } = kernel
  await shareAccounts(kernel)
  const operator = await person(kernel, kernel.poolId, ['pool-admin'])
  await platform.grants.request({ tenantId: ccasId, operatorId: operator.id, role: 'agent', minutes: 60, reason: 'Dépannage' }, OPERATOR)
  const ccas = platform.tenants.byId(ccasId)?.info
  await platform.tenants.delete('ccas', OPERATOR)
  await platform.tenants.adopt({ kind: 'satellite', name: ccas?.name ?? '', slug: 'ccas', parent: 'commune-1' }, ccasId, { createdAt: 0, write: async () => undefined, complete: async () => undefined }, OPERATOR)
  expect([platform.shares.accountsFrom(ccasId), platform.shares.offeredTo(ccasId), platform.grants.openOn(ccasId)]).toEqual([undefined, [], []])
})

test('[T21] a share of accounts ends at once from either side, gives neither side a right on the other, and guessing at one door counts at both', async () => {
  await using kernel = await start()
  const { platform, ccasId } = kernel
  const marie = await person(kernel, kernel.tenantId(), ['tenant-admin'], 'Marie')
  const boss = await person(kernel, ccasId, ['tenant-admin'], 'Chef')
  const ends: Readonly<Record<string, () => Promise<unknown>>> = {
    'the tenant above': () => platform.shares.end(ccasId, 'accounts', { kind: 'account', ...marie }),
    'the satellite': () => platform.shares.end(ccasId, 'accounts', { kind: 'account', ...boss }),
    'its roles': () => platform.guests.setRoles(ccasId, marie.login, [], { kind: 'account', ...boss }),
    'the account': () => platform.accounts.disable(kernel.tenantId(), marie.id, OPERATOR),
    'the tree': () => platform.tenants.move('ccas', 'commune-2', OPERATOR),
  }
  for (const [why, end] of Object.entries(ends)) {
    await shareAccounts(kernel)
    await platform.guests.setRoles(ccasId, marie.login, ['agent'], OPERATOR)
    const { client } = await logIn(kernel, 'ccas', marie.login)
    expect([why, (await client.get('/bureau', HTML)).status]).toEqual([why, 200])
    await end()
    expect([why, (await client.get('/bureau', HTML)).status, (await logIn(kernel, 'ccas', marie.login)).status]).toEqual([why, 303, 401])
    await platform.accounts.enable(kernel.tenantId(), marie.id, OPERATOR)
  }
  await platform.tenants.move('ccas', 'commune-1', OPERATOR)
  await shareAccounts(kernel)
  // The satellite's own people are nobody above; roles at home are nothing below.
  expect((await logIn(kernel, 'commune-1', boss.login)).status).toBe(401)
  expect((await platform.guests.list(ccasId)).map(({ roles }) => roles)).toEqual([['agent']].slice(0, (await platform.guests.list(ccasId)).length))
  const decisions = [
    code(platform.shares.offer(kernel.tenantId(), ccasId, { what: 'accounts' }, { kind: 'account', ...boss })), code(platform.shares.offer(kernel.tenantId(), kernel.tenantId(1), { what: 'accounts' }, OPERATOR)),
    code(platform.shares.offer(kernel.tenantId(1), ccasId, { what: 'accounts' }, OPERATOR)), code(platform.shares.accept(ccasId, 'accounts', { kind: 'account', ...marie })),
    code(platform.guests.setRoles(ccasId, marie.login, ['pool-admin'], OPERATOR)),
  ]
  expect(await Promise.all(decisions)).toEqual(['PERMISSION_DENIED', 'SHARE_INVALID', 'SHARE_INVALID', 'PERMISSION_DENIED', 'ROLE_UNKNOWN'])
  for (let guess = 0; guess < 5; guess += 1) await at(kernel, guess % 2 === 0 ? 'ccas' : 'commune-1').post('/auth/login', { login: marie.login, password: 'wrong-password-of-marie' })
  expect((await logIn(kernel, 'ccas', marie.login)).status).toBe(429)
})

test('[T22] a plugin of a satellite runs on the contract that the tenant above shares, over restarts, and its own provider goes first', async () => {
  await using kernel = await start()
  const { platform, ccasId } = kernel
  const agent = await kernel.as('agent')
  await agent.post('/apps/notes/api/notes', { text: 'd’en haut', number: 1 })
  expect(await code(platform.installations.enable(ccasId, 'fr.test.reader', '*', OPERATOR))).toBe('PLUGIN_NEED_MISSING')
  expect(await code(platform.shares.offer(kernel.tenantId(1), ccasId, { what: 'fr.test.notes/v1' }, OPERATOR))).toBe('SHARE_INVALID')
  expect(await code(platform.shares.offer(kernel.tenantId(), ccasId, { what: 'fr.test.nothing/v1' }, OPERATOR))).toBe('SHARE_INVALID')
  await platform.shares.offer(kernel.tenantId(), ccasId, { what: 'fr.test.notes/v1' }, OPERATOR)
  expect(await code(platform.installations.enable(ccasId, 'fr.test.reader', '*', OPERATOR))).toBe('PLUGIN_NEED_MISSING')
  await platform.shares.accept(ccasId, 'fr.test.notes/v1', OPERATOR)
  await platform.installations.enable(ccasId, 'fr.test.reader', '*', OPERATOR)
  expect((await at(kernel, 'ccas').get('/apps/reader/any')).json()).toBe(true)
  await kernel.restart()
  expect((await at(kernel, 'ccas').get('/apps/reader/any')).json()).toBe(true)
  await kernel.platform.installations.enable(ccasId, 'fr.test.notes', '*', OPERATOR)
  const boss = await person(kernel, ccasId, ['agent'], 'Chef')
  expect((await (await logIn(kernel, 'ccas', boss.login)).client.get('/apps/reader/count')).json()).toBe(0)
  // With the share its own provider is not needed any more.
  expect(await code(kernel.platform.installations.disable(ccasId, 'fr.test.notes', OPERATOR))).toBe('done')
})

const Desk = defineService('fr.test.desk/v1', {
  who: { input: Type.Object({}), output: Type.Object({ kind: Type.String(), name: Type.String(), reads: Type.Boolean(), tenant: Type.String(), url: Type.String() }) },
  count: { input: Type.Object({}), output: Type.Integer(), permission: 'read' },
  write: { input: Type.Object({ how: Type.String() }), output: Type.String() },
})

/** Provides a service that tries to write in every way there is. */
const deskPlugin = definePlugin<NoteTable>()({
  ...COMMON, id: 'fr.test.desk', path: 'desk', title: { fr: 'Guichet' }, scopes: ['db', 'files'], migrations: NOTE_MIGRATIONS, messages: { fr: {}, en: {} },
  permissions: { read: { title: { fr: 'Lire' }, roles: ['agent', 'tenant-admin'] } },
  setup(k) {
    k.provide(Desk, (c) => ({
      who: () => ({ kind: c.actor.kind, name: c.actor.name, reads: c.actor.can('read'), tenant: c.tenant.slug, url: c.url('/x') }),
      count: async () => (await c.db.selectFrom('note').select('id').execute()).length,
      write: async ({ how }) => {
        const row = { id: c.id(), text: how, number: 1 }
        if (how === 'insert') await c.db.insertInto('note').values(row).execute()
        else if (how === 'returning') await c.db.insertInto('note').values(row).returning('id').execute()
        else if (how === 'update') await c.db.updateTable('note').set({ text: 'x' }).execute()
        else if (how === 'delete') await c.db.deleteFrom('note').execute()
        else if (how === 'transaction') await c.transaction(async (tx) => { await tx.insertInto('note').values(row).execute() })
        else await c.files.put(new Uint8Array([1]), { name: 'x.txt', type: 'text/plain' })
        return 'written'
      },
    }))
  },
})

const askerPlugin = definePlugin()({
  ...COMMON, id: 'fr.test.asker', path: 'asker', title: { fr: 'Demandeur' }, scopes: [], requires: { 'fr.test.desk/v1': '*' }, messages: { fr: {}, en: {} },
  setup(k) {
    const any = { response: { 200: Type.Unknown() }, audience: 'public', summary: 'Ask' } as const
    k.route({ method: 'GET', path: '/who', ...any }, async (c) => c.reply(200, await c.use(Desk).who({})))
    k.route({ method: 'GET', path: '/count', ...any }, async (c) => c.reply(200, await c.use(Desk).count({})))
    k.route({ method: 'GET', path: '/write/:how', ...any, params: Type.Object({ how: Type.String() }) }, async (c, { params }) => c.reply(200, await c.use(Desk).write(params)))
  },
})

test('[T23] a call through a shared contract is nobody’s: it reads only, and holds the permission that the share names, whoever asks', async () => {
  await using kernel = await startTree({ plugins: [deskPlugin, askerPlugin], enable: ['fr.test.desk'] })
  const { platform, ccasId } = kernel
  await platform.shares.offer(kernel.tenantId(), ccasId, { what: 'fr.test.desk/v1' }, OPERATOR)
  await platform.shares.accept(ccasId, 'fr.test.desk/v1', OPERATOR)
  await platform.installations.enable(ccasId, 'fr.test.asker', '*', OPERATOR)
  const boss = await person(kernel, ccasId, ['tenant-admin', 'agent'], 'Chef')
  const people = [at(kernel, 'ccas'), (await logIn(kernel, 'ccas', boss.login)).client]
  const who = { kind: 'anonymous', name: 'CCAS', reads: false, tenant: 'commune-1', url: `http://commune-1.localhost:${kernel.port}/apps/desk/x` }
  for (const client of people) {
    expect([(await client.get('/apps/asker/who')).json(), (await client.get('/apps/asker/count')).status]).toEqual([who, 403])
    for (const how of ['insert', 'returning', 'update', 'delete', 'transaction', 'file']) expect([how, (await client.get(`/apps/asker/write/${how}`)).status]).toEqual([how, 403])
  }
  expect(await code(platform.shares.offer(kernel.tenantId(), ccasId, { what: 'fr.test.desk/v1', permissions: ['fr.liberacces.kernel/accounts.manage'] }, OPERATOR))).toBe('SHARE_INVALID')
  await platform.shares.offer(kernel.tenantId(), ccasId, { what: 'fr.test.desk/v1', permissions: ['fr.test.desk/read'] }, OPERATOR)
  for (const client of people) expect([(await client.get('/apps/asker/who')).json(), (await client.get('/apps/asker/count')).json()]).toEqual([{ ...who, reads: true }, 0])
})

test('[T24] what a satellite needs is not taken from it: stopping the share and switching the provider off are refused by name', async () => {
  await using kernel = await start()
  const { platform, ccasId } = kernel
  await platform.shares.offer(kernel.tenantId(), ccasId, { what: 'fr.test.notes/v1' }, OPERATOR)
  await platform.shares.accept(ccasId, 'fr.test.notes/v1', OPERATOR)
  await platform.installations.enable(ccasId, 'fr.test.reader', '*', OPERATOR)
  await expect(platform.shares.end(ccasId, 'fr.test.notes/v1', OPERATOR)).rejects.toMatchObject({ code: 'SHARE_NEEDED', message: expect.stringMatching(/"fr\.test\.reader" of CCAS/) })
  await expect(platform.installations.disable(kernel.tenantId(), 'fr.test.notes', OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_NEEDED', message: expect.stringContaining('"fr.test.reader" of CCAS') })
  expect((await platform.installations.disable(kernel.tenantId(1), 'fr.test.notes', OPERATOR)).state).toBe('inactive')
  const admin = await kernel.as('tenant-admin')
  expect((await admin.get('/admin/partages', HTML)).text).toContain('Ne peut pas être arrêté tant que ces modules en ont besoin : Lecteur.'.replace(' :', '\u00a0:'))
  await platform.installations.disable(ccasId, 'fr.test.reader', OPERATOR)
  await platform.shares.end(ccasId, 'fr.test.notes/v1', OPERATOR)
  expect((await platform.installations.disable(kernel.tenantId(), 'fr.test.notes', OPERATOR)).state).toBe('inactive')
})
