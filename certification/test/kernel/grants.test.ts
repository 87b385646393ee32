import { expect, test } from 'vitest'
import { at, enter, enterByConsole, person, startTree, ticketOf } from './delegation-kit.ts'
import { openPlace } from '../leaving/leaving-kit.ts'
import { OPERATOR, PASSWORD, type Kernel } from './kernel-kit.ts'
import { notesPlugin } from './notes-plugin.tsx'

const HTML = { headers: { accept: 'text/html' } }
const MINUTE = 60_000
const start = () => startTree({ plugins: [notesPlugin] })
const actions = async (kernel: Kernel, tenantId: string) => (await kernel.platform.audit.list(tenantId, { limit: 200 })).map(({ action }) => action)

test('[T14] an operator has no way into a tenant but a grant with a reason and a time, which the tenant sees on its pages while it holds and after', async () => {
  await using kernel = await start()
  const console = await kernel.as('pool-admin', 'pool')
  const admin = await kernel.as('tenant-admin')
  expect((await admin.get('/admin', HTML)).text).not.toContain('Intervention du Pool en cours')
  for (const wrong of [{ reason: 'x' }, { minutes: '5' }, { minutes: '481' }, { role: 'pool-admin' }, { role: 'nobody' }]) {
    const answer = await console.submit('/collectivites/commune-1/interventions', { role: 'agent', writes: 'no', minutes: '60', reason: 'Appel de Mme Morin', ...wrong })
    expect([wrong, answer.status]).toEqual([wrong, 422])
  }
  expect(kernel.platform.grants.openOn(kernel.tenantId())).toEqual([])
  const { client, status } = await enterByConsole(kernel, console, 'commune-1', { role: 'tenant-admin' })
  expect([status, (await client.get('/admin', HTML)).status]).toEqual([303, 200])
  for (const path of ['/', '/admin', '/bureau', '/admin/interventions', '/apps/notes/']) {
    const page = await (path === '/apps/notes/' ? client : admin).get(path, HTML)
    expect([path, page.text.includes('Intervention du Pool en cours'), page.text.includes('Appel de Mme Morin')]).toEqual([path, true, true])
  }
  expect((await (await kernel.as('agent')).get('/bureau', HTML)).text).not.toContain('Appel de Mme Morin')
  expect((await (await kernel.as('tenant-admin', 1)).get('/admin/interventions', HTML)).text).not.toContain('Appel de Mme Morin')
  kernel.outside.advance(61 * MINUTE)
  const after = await admin.get('/admin/interventions', HTML)
  expect([after.text.includes('Appel de Mme Morin'), after.text.includes('Échue'), after.text.includes('Intervention du Pool en cours')]).toEqual([true, true, false])
})

test('[T14] only the Pool opens grants, for its own administrators, and never on itself', async () => {
  await using kernel = await start()
  const { platform, poolId } = kernel
  const operator = await person(kernel, poolId, ['pool-admin'])
  const agent = await person(kernel, poolId, ['agent'])
  const mayor = await person(kernel, kernel.tenantId(), ['tenant-admin'])
  const wish = { tenantId: kernel.tenantId(), operatorId: operator.id, role: 'agent', minutes: 60, reason: 'Dépannage' }
  const by = (who: { id: string; name: string }) => ({ kind: 'account', ...who }) as const
  const code = (call: Promise<unknown>) => call.then(() => 'done', (error: { code?: string }) => error.code)
  expect(await Promise.all([
    code(platform.grants.request(wish, by(mayor))), code(platform.grants.request(wish, by(agent))),
    code(platform.grants.request(wish, { ...OPERATOR, grant: 'some' })),
    code(platform.grants.request({ ...wish, operatorId: agent.id }, OPERATOR)), code(platform.grants.request({ ...wish, operatorId: mayor.id }, OPERATOR)),
    code(platform.grants.request({ ...wish, tenantId: poolId }, OPERATOR)), code(platform.grants.request(wish, by(operator))),
  ])).toEqual(['PERMISSION_DENIED', 'PERMISSION_DENIED', 'PERMISSION_DENIED', 'GRANT_INVALID', 'GRANT_INVALID', 'GRANT_INVALID', 'done'])
})

test('[T15] a tenant that wants to be asked lets nobody in before it answers; no answer is a no', async () => {
  await using kernel = await start()
  const console = await kernel.as('pool-admin', 'pool')
  const admin = await kernel.as('tenant-admin')
  expect((await admin.submit('/admin/interventions/accord', { approval: 'yes' }, '/admin/interventions')).status).toBe(303)
  const wish = { role: 'agent', writes: 'no', minutes: '30', reason: 'Mise à jour' }
  const ask = async (): Promise<string> => {
    await console.submit('/collectivites/commune-1/interventions', wish)
    return kernel.platform.grants.waitingFor(kernel.tenantId()).at(-1)?.id ?? ''
  }
  const first = await ask()
  expect(await ticketOf(console, 'commune-1', first)).toBe('')
  expect((await admin.get('/admin/interventions', HTML)).text).toContain('Demandes en attente')
  // Whoever asks does not answer, nor does the neighbour.
  const neighbour = await kernel.as('tenant-admin', 1)
  expect((await neighbour.submit(`/admin/interventions/${first}/accepter`, {}, '/admin/interventions')).status).toBe(404)
  await expect(kernel.platform.grants.approve(kernel.tenantId(), first, OPERATOR)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  kernel.outside.advance(20 * MINUTE)
  expect((await admin.submit(`/admin/interventions/${first}/accepter`, {}, '/admin/interventions')).status).toBe(303)
  // The time runs from the answer on.
  kernel.outside.advance(25 * MINUTE)
  const client = at(kernel, 'commune-1')
  expect(await enter(kernel, client, await ticketOf(console, 'commune-1', first))).toBe(303)
  expect((await client.get('/bureau', HTML)).status).toBe(200)
  // One at a time: what is asked meanwhile is none.
  expect([await ask(), (await console.get('/collectivites/commune-1/interventions', HTML)).text.includes('Vous avez déjà une intervention')]).toEqual(['', true])
  kernel.outside.advance(6 * MINUTE)
  const second = await ask()
  expect((await admin.submit(`/admin/interventions/${second}/refuser`, {}, '/admin/interventions')).status).toBe(303)
  expect((await admin.submit(`/admin/interventions/${second}/accepter`, {}, '/admin/interventions')).status).toBe(409)
  kernel.outside.advance(MINUTE)
  const third = await ask()
  kernel.outside.advance(7 * 24 * 60 * MINUTE)
  const later = await kernel.as('tenant-admin')
  expect((await later.submit(`/admin/interventions/${third}/accepter`, {}, '/admin/interventions')).status).toBe(409)
  await kernel.platform.grants.sweep()
  expect((await kernel.platform.grants.list({ tenantId: kernel.tenantId() })).map(({ endKind }) => endKind)).toEqual(['lapsed', 'refused', 'expired'])
})

test('[T16] a ticket works once, for a minute, on its tenant’s host, coming from the console, for the operator it was given to; it lies nowhere in the clear', async () => {
  await using kernel = await start()
  const console = await kernel.as('pool-admin', 'pool')
  const { ticket: used, grantId } = await enterByConsole(kernel, console, 'commune-1')
  expect(await enter(kernel, at(kernel, 'commune-1'), used)).toBe(403)
  const next = (): Promise<string> => ticketOf(console, 'commune-1', grantId)
  for (const origin of ['http://evil.example', `http://commune-1.localhost:${kernel.port}`, `http://commune-2.localhost:${kernel.port}`, 'null', '']) {
    expect([origin, await enter(kernel, at(kernel, 'commune-1'), await next(), origin)]).toEqual([origin, 403])
  }
  const elsewhere = await next()
  expect([await enter(kernel, at(kernel, 'commune-2'), elsewhere), await enter(kernel, at(kernel, 'commune-1'), elsewhere), await enter(kernel, at(kernel, 'pool'), await next())]).toEqual([403, 403, 404])
  const late = await next()
  kernel.outside.advance(MINUTE)
  expect(await enter(kernel, at(kernel, 'commune-1'), late)).toBe(403)
  const older = await next()
  const newer = await next()
  expect([await enter(kernel, at(kernel, 'commune-1'), older), await enter(kernel, at(kernel, 'commune-1'), newer)]).toEqual([403, 303])
  const other = await kernel.as('pool-admin', 'pool')
  expect((await other.submit(`/interventions/${grantId}/entrer`, {}, '/collectivites/commune-1/interventions')).status).toBe(403)
  for (const table of ['grant_ticket', 'session', 'operator_grant', 'audit'] as const) {
    expect(JSON.stringify(await kernel.platform.storage.platform.selectFrom(table).selectAll().execute())).not.toContain(newer)
  }
  // By GET there is nothing, and where it leads is ours to say.
  expect((await at(kernel, 'commune-1').get(`/auth/intervention?ticket=${await next()}`, HTML)).status).toBe(404)
  const led = await at(kernel, 'commune-1').send('POST', '/auth/intervention', { form: { ticket: await next(), next: 'https://evil.example/' }, headers: { origin: `http://pool.localhost:${kernel.port}` } })
  expect([led.status, led.headers['location']]).toEqual([303, '/admin'])
  const page = await console.submit(`/interventions/${grantId}/entrer`, {}, '/collectivites/commune-1/interventions')
  expect(page.headers).toMatchObject({ 'content-security-policy': expect.stringContaining(`form-action 'self' http://commune-1.localhost:${kernel.port};`), 'referrer-policy': 'strict-origin', 'cache-control': 'no-store' })
})

test('[T16] where pages come over TLS, so does the console: on an open line anybody could be it', async () => {
  const place = await openPlace({ domain: 'example.fr', plugins: [] })
  const { platform } = place
  const pool = await platform.tenants.create({ kind: 'pool', name: 'Pool' }, OPERATOR)
  const { id: tenantId } = await platform.tenants.create({ kind: 'commune', name: 'Aytré', slug: 'aytre' }, OPERATOR)
  const { id: operatorId } = await platform.accounts.create(pool.id, { login: 'claire', name: 'Claire', password: PASSWORD, roles: ['pool-admin'] }, OPERATOR)
  const { id } = await platform.grants.request({ tenantId, operatorId, role: 'agent', minutes: 60, reason: 'Dépannage' }, OPERATOR)
  const { ticket } = await platform.grants.ticket(id, operatorId)
  const statuses = []
  for (const origin of ['http://pool.example.fr', 'https://pool.example.fr']) statuses.push((await place.client('aytre').send('POST', '/auth/intervention', { form: { ticket }, headers: { origin, accept: 'text/html' } })).status)
  expect(statuses).toEqual([403, 303])
})

test('[T17] the session ends with the grant, by hand from either side, by logging out, and with the operator’s own account or office', async () => {
  await using kernel = await start()
  const { platform, poolId } = kernel
  const admin = await kernel.as('tenant-admin')
  const ends: Readonly<Record<string, (grantId: string, operatorId: string, client: ReturnType<typeof at>) => Promise<unknown>>> = {
    'its time': async () => { kernel.outside.advance(60 * MINUTE) },
    'the tenant': async (grantId) => { await (await kernel.as('tenant-admin')).submit(`/admin/interventions/${grantId}/terminer`, {}, '/admin/interventions') },
    'the console': async (grantId) => { await (await kernel.as('pool-admin', 'pool')).submit(`/interventions/${grantId}/terminer`, {}, '/collectivites/commune-1/interventions') },
    'logging out': async (_grantId, _operatorId, client) => { await client.submit('/auth/logout', {}, '/admin') },
    'disabled': (_grantId, operatorId) => platform.accounts.disable(poolId, operatorId, OPERATOR),
    'another password': (_grantId, operatorId) => platform.accounts.setPassword(poolId, operatorId, 'another-long-password', OPERATOR),
    'no administrator of the Pool any more': (_grantId, operatorId) => platform.accounts.setRoles(poolId, operatorId, ['agent'], OPERATOR),
  }
  expect((await admin.get('/admin', HTML)).status).toBe(200)
  for (const [why, end] of Object.entries(ends)) {
    const operator = await person(kernel, poolId, ['pool-admin'])
    const grant = await platform.grants.request({ tenantId: kernel.tenantId(), operatorId: operator.id, role: 'tenant-admin', writes: true, minutes: 60, reason: 'Dépannage' }, OPERATOR)
    const client = at(kernel, 'commune-1')
    await enter(kernel, client, (await platform.grants.ticket(grant.id, operator.id)).ticket)
    expect([why, (await client.get('/admin', HTML)).status]).toEqual([why, 200])
    const { ticket } = await platform.grants.ticket(grant.id, operator.id)
    await end(grant.id, operator.id, client)
    expect([why, (await client.get('/admin', HTML)).status, (await client.get('/apps/notes/api/notes')).status]).toEqual([why, 303, 401])
    // The grant itself outlasts a session and a password.
    expect([why, await enter(kernel, at(kernel, 'commune-1'), ticket)]).toEqual([why, why === 'logging out' || why === 'another password' ? 303 : 403])
  }
})

test('[T18] opening, entering and ending are on record on both sides, and whatever is done under a grant says operator, name and grant', async () => {
  await using kernel = await start()
  const { platform, poolId } = kernel
  const operator = await person(kernel, poolId, ['pool-admin'], 'Claire')
  const console = at(kernel, 'pool')
  await console.post('/auth/login', { login: operator.login, password: 'a-long-enough-test-password' })
  const { client, grantId } = await enterByConsole(kernel, console, 'commune-1', { writes: 'yes' })
  expect((await client.submit('/admin/reglages', { accent: '#003366', welcome: 'Bonjour', contact: '' })).status).toBe(303)
  await client.submit('/auth/logout', {}, '/admin')
  await console.submit(`/interventions/${grantId}/terminer`, {}, '/collectivites/commune-1/interventions')
  const there = await platform.audit.list(kernel.tenantId(), { limit: 200 })
  for (const action of ['grant.opened', 'grant.entered', 'settings.changed', 'logout', 'grant.closed']) {
    const line = there.find((one) => one.action === action)
    expect([action, line?.actor, line?.detail?.['grant']]).toEqual([action, { kind: 'operator', id: operator.id, name: 'Claire' }, grantId])
  }
  const here = (await platform.audit.list(poolId, { limit: 200 })).filter(({ action }) => action.startsWith('grant.'))
  expect(here.map(({ action, detail }) => [action, detail?.['tenant'], detail?.['reason']])).toEqual(['grant.closed', 'grant.entered', 'grant.opened'].map((action) => [action, 'commune-1', 'Appel de Mme Morin']))
  expect(await actions(kernel, kernel.tenantId(1))).not.toContain('grant.opened')
})

test('[T19] a grant that looks changes nothing, on any page or API, whatever its role may do', async () => {
  await using kernel = await start()
  const console = await kernel.as('pool-admin', 'pool')
  const agent = await kernel.as('agent')
  const { id } = (await agent.post('/apps/notes/api/notes', { text: 'premier', number: 1 })).json<{ id: string }>()
  const { client } = await enterByConsole(kernel, console, 'commune-1', { role: 'agent' })
  expect((await client.get('/apps/notes/api/notes')).json()).toHaveLength(1)
  const token = /name="_csrf" value="([^"]+)"/.exec((await client.get('/bureau', HTML)).text)?.[1] ?? ''
  const csrf = { headers: { 'x-csrf-token': token } }
  const tries = [
    await client.post('/apps/notes/api/notes', { text: 'second', number: 2 }, csrf), await client.send('PUT', `/apps/notes/api/notes/${id}`, { json: { text: 'autre', number: 3 }, ...csrf }),
    await client.send('DELETE', `/apps/notes/api/notes/${id}`, csrf), await client.submit('/apps/notes/new', { text: 'troisième', number: '3' }), await client.submit(`/apps/notes/notes/${id}/remove`, {}, '/apps/notes/'),
    await client.submit('/bureau/organiser', { tile: 'fr.test.notes.0', move: 'hide' }), await client.post('/apps/notes/api/files', { text: 'x' }, csrf),
  ]
  expect(tries.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403])
  expect((await agent.get('/apps/notes/api/notes')).json()).toEqual([{ id, text: 'premier', number: 1 }])
  // One grant each: another operator.
  const admin = await enterByConsole(kernel, await kernel.as('pool-admin', 'pool'), 'commune-1', { role: 'tenant-admin' })
  for (const [path, fields, page] of [['/admin/comptes', { login: 'intrus', name: 'Intrus', role: ['tenant-admin'] }, '/admin/comptes'], ['/admin/modules/fr.test.notes/desactiver', {}, '/admin/modules'], ['/admin/interventions/accord', {}, '/admin/interventions']] as const) {
    expect([path, (await admin.client.submit(path, fields, page)).status]).toEqual([path, 403])
  }
})

test('[R263] [T19] forms that an operator who may only look comes upon say so and cannot be sent, those of plugins and those of the platform; what is sent all the same is refused', async () => {
  await using kernel = await start()
  const console = await kernel.as('pool-admin', 'pool')
  const agent = await kernel.as('agent')
  await agent.post('/apps/notes/api/notes', { text: 'premier', number: 1 })
  const LOCKED = 'Vous consultez cette collectivité sans pouvoir modifier&nbsp;: ce formulaire ne peut pas être envoyé.'
  const { client } = await enterByConsole(kernel, console, 'commune-1', { role: 'agent' })
  const form = (await client.get('/apps/notes/new', HTML)).text
  expect(form).toContain(LOCKED)
  expect(form).toMatch(/<input[^>]*name="text"[^>]*disabled=""/)
  expect(form).toMatch(/<button type="submit" class="la-button la-button-primary" disabled="">/)
  // The way out is open.
  expect(form).toMatch(/<button type="submit" class="shell-logout">/)
  expect((await client.get('/apps/notes/', HTML)).text).toContain('disabled="">x<span class="la-hidden-text"> (consultation seule)</span></button>')
  expect((await client.get('/bureau/organiser', HTML)).text).toMatch(/name="move"[^>]*disabled=""/)
  const sent = await client.submit('/apps/notes/new', { text: 'second', number: '2' })
  expect([sent.status, sent.text]).toEqual([403, expect.stringContaining('<h1>Vous consultez cette collectivité sans pouvoir modifier</h1>')])
  // One grant each: another operator.
  const admin = await enterByConsole(kernel, await kernel.as('pool-admin', 'pool'), 'commune-1', { role: 'tenant-admin' })
  expect((await admin.client.get('/admin/reglages', HTML)).text).toContain(LOCKED)

  const { client: writer } = await enterByConsole(kernel, await kernel.as('pool-admin', 'pool'), 'commune-1', { role: 'agent', writes: 'yes' })
  expect((await writer.get('/apps/notes/new', HTML)).text).not.toMatch(/disabled|sans pouvoir modifier/)
  expect((await agent.get('/apps/notes/new', HTML)).text).not.toContain('disabled')
})

test('[T19] an operator who may change things still decides nothing about whom the tenant lets in or shares with', async () => {
  await using kernel = await start()
  const console = await kernel.as('pool-admin', 'pool')
  const { client, grantId } = await enterByConsole(kernel, console, 'commune-1', { role: 'tenant-admin', writes: 'yes' })
  expect((await client.submit('/admin/comptes', { login: 'dominique', name: 'Dominique', role: ['agent'] })).status).toBe(200)
  const { platform, ccasId } = kernel
  await platform.shares.offer(kernel.tenantId(), ccasId, { what: 'accounts' }, OPERATOR)
  await platform.shares.accept(ccasId, 'accounts', OPERATOR)
  const above = await person(kernel, kernel.tenantId(), ['agent'])
  const { client: atSatellite } = await enterByConsole(kernel, console, 'ccas', { role: 'tenant-admin', writes: 'yes' })
  expect((await atSatellite.submit('/admin/partages/invites', { login: above.login, role: ['tenant-admin'] }, '/admin')).status).toBe(403)
  expect(await platform.guests.list(ccasId)).toEqual([])
  for (const [path, fields, page] of [['/admin/interventions/accord', { approval: 'yes' }, '/admin/interventions'], ['/admin/partages/ccas/proposer', { what: 'accounts' }, '/admin/partages'], [`/admin/interventions/${grantId}/accepter`, {}, '/admin/interventions']] as const) {
    expect([path, (await client.submit(path, fields, page)).status]).toEqual([path, 403])
  }
})

test('[T29] cut short at any step of opening, entering or ending, the next start finds a grant before or after it, and a ticket is never good twice', async () => {
  await using kernel = await start()
  const { poolId } = kernel
  const operator = await person(kernel, poolId, ['pool-admin'])
  const mayor = await person(kernel, kernel.tenantId(), ['tenant-admin'])
  const wish = { tenantId: kernel.tenantId(), operatorId: operator.id, role: 'tenant-admin', minutes: 60, reason: 'Dépannage' }
  const grant = await kernel.platform.grants.request(wish, OPERATOR)
  const { ticket } = await kernel.platform.grants.ticket(grant.id, operator.id)
  const tenant = kernel.platform.tenants.byId(kernel.tenantId())
  if (tenant === undefined) throw new Error('There is no tenant.')
  const dying = async (point: string, deed: () => Promise<unknown>): Promise<void> => {
    const outside = kernel.outside as { reached?: (name: string) => void }
    outside.reached = (name) => { if (name === point) throw new Error('power cut') }
    await expect(deed()).rejects.toThrow('power cut')
    delete outside.reached
    await kernel.restart()
  }
  await expect(kernel.platform.grants.request(wish, OPERATOR)).rejects.toMatchObject({ code: 'GRANT_INVALID', fields: { operator: expect.stringContaining('already') as string } })
  const colleague = await person(kernel, poolId, ['pool-admin'])
  await dying('grant:written', () => kernel.platform.grants.request({ ...wish, operatorId: colleague.id, reason: 'Jamais ouverte' }, OPERATOR))
  expect((await kernel.platform.grants.list({ tenantId: tenant.id })).map(({ reason }) => reason)).toEqual(['Dépannage'])
  await dying('grant:written', () => kernel.platform.grants.close(grant.id, { kind: 'account', ...mayor }))
  expect(kernel.platform.grants.openOn(tenant.id).map(({ id }) => id)).toEqual([grant.id])
  await dying('grant:ticket-used', () => kernel.platform.grants.enter(ticket, tenant))
  await expect(kernel.platform.grants.enter(ticket, tenant)).rejects.toMatchObject({ code: 'TICKET_INVALID' })
  const again = await kernel.platform.grants.ticket(grant.id, operator.id)
  expect((await kernel.platform.grants.enter(again.ticket, tenant)).grant.id).toBe(grant.id)
  kernel.outside.advance(61 * MINUTE)
  await kernel.restart()
  expect(kernel.platform.grants.openOn(tenant.id)).toEqual([])
  await kernel.platform.grants.sweep()
  await kernel.platform.grants.sweep()
  expect((await actions(kernel, tenant.id)).filter((action) => action === 'grant.expired')).toHaveLength(1)
})
