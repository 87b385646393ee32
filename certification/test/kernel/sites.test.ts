import { expect, test } from 'vitest'
import type { TestAnswer } from '../../src/testing/test-client.ts'
import { faultyPlugin, neighbourPlugin } from './faulty-plugin.tsx'
import { startKernel, type Kernel } from './kernel-kit.ts'
import { notesPlugin, readerPlugin } from './notes-plugin.tsx'

const HTML = { headers: { accept: 'text/html' } }
const start = (): Promise<Kernel> => startKernel({ plugins: [notesPlugin, readerPlugin] })

/** Pages of a commune: path to who may open it. */
const PUBLIC = ['/', '/accessibilite', '/mentions-legales', '/auth/login']
const OF_AGENTS = ['/bureau', '/bureau/organiser']
const OF_ADMINS = ['/admin', '/admin/comptes', '/admin/roles', '/admin/modules', '/admin/modules/fr.test.notes/reglages', '/admin/modules/fr.test.notes/versions', '/admin/modules/fr.test.notes/autorisations', '/admin/modules/fr.test.notes/suppression', '/admin/reglages', '/admin/journal', '/admin/evenements']

test('[W1] every page of the platform answers 200 to whom it is for, 403 to other people, and leads visitors to the login', async () => {
  await using kernel = await start()
  const roles = ['agent', 'citizen', 'tenant-admin'] as const
  const people = await Promise.all(roles.map((role) => kernel.as(role)))
  for (const [paths, allowed] of [[PUBLIC.slice(0, 3), roles], [OF_AGENTS, ['agent', 'tenant-admin']], [OF_ADMINS, ['tenant-admin']]] as const) {
    for (const path of paths) {
      const visitor = await kernel.visitor().get(path, HTML)
      const isPublic = paths.includes('/')
      expect([path, visitor.status, isPublic ? undefined : visitor.headers['location']]).toEqual([path, isPublic ? 200 : 303, isPublic ? undefined : `/auth/login?next=${encodeURIComponent(path)}`])
      for (const [index, role] of roles.entries()) {
        const answer = await people[index]?.get(path, HTML)
        expect([path, role, answer?.status]).toEqual([path, role, (allowed as readonly string[]).includes(role) ? 200 : 403])
      }
    }
  }
  expect((await kernel.visitor().get('/auth/login', HTML)).status).toBe(200)
})

test('[W2] no page carries an inline script, style or handler, or anything from elsewhere; all carry the headers that forbid it', async () => {
  await using kernel = await startKernel({ plugins: [notesPlugin, readerPlugin, faultyPlugin({ handled: [] }), neighbourPlugin()] })
  const admin = await kernel.as('tenant-admin')
  const agent = await kernel.as('agent')
  await agent.post('/apps/notes/api/notes', { text: '<script>alert(1)</script>"><img src=x onerror=alert(1)>', number: 1 })
  const answers: [string, TestAnswer][] = []
  for (const path of [...PUBLIC, ...OF_AGENTS, ...OF_ADMINS, '/nowhere', '/?q=<script>', '/admin/comptes?q="><script>']) answers.push([path, await admin.get(encodeURI(path), HTML)])
  for (const path of ['/bureau', '/apps/notes/', '/apps/notes/new', '/apps/notes/search?q=script', '/apps/faulty/page/throws', '/admin']) answers.push([path, await agent.get(path, HTML)])
  answers.push(['/nowhere', await kernel.visitor().get('/nowhere', HTML)], ['console', await (await kernel.as('pool-admin', 'pool')).get('/', HTML)])
  for (const [path, { text, headers }] of answers) {
    expect([path, /<script(?![^>]* src="\/)/i.exec(text)?.[0], /<style|\sstyle=|\son[a-z]+=(?=["'])/i.exec(text.replaceAll(/&[a-z#0-9]+;/g, ''))?.[0], /<(script|link|img|iframe)[^>]+(src|href)="(https?:)?\/\//i.exec(text)?.[0]]).toEqual([path, undefined, undefined, undefined])
    expect([path, headers['content-security-policy']]).toEqual([path, expect.stringMatching(/default-src 'none'.*script-src 'self'/)])
    expect([path, headers['x-content-type-options'], headers['referrer-policy']]).toEqual([path, 'nosniff', 'same-origin'])
    expect(headers['content-security-policy']).not.toMatch(/unsafe-/)
  }
})

test('[W3] the console of the Pool is its administrator’s alone, on the Pool’s own host alone', async () => {
  await using kernel = await startKernel({ plugins: [notesPlugin], tenants: 2 })
  const poolAdmin = await kernel.as('pool-admin', 'pool')
  const console = await poolAdmin.get('/', HTML)
  expect([console.status, console.text.includes('Commune 1'), console.text.includes('Commune 2')]).toEqual([200, true, true])
  expect((await poolAdmin.get('/collectivites/commune-2', HTML)).text).toContain('Commune 2')
  expect((await poolAdmin.get('/collectivites/nowhere', HTML)).status).toBe(404)
  for (const role of ['tenant-admin', 'agent']) {
    const other = await kernel.as(role, 'pool')
    expect([role, (await other.get('/', HTML)).status, (await other.get('/collectivites/commune-1', HTML)).status]).toEqual([role, 403, 403])
  }
  const mayor = await kernel.as('tenant-admin')
  expect((await mayor.get('/collectivites/commune-2', HTML)).status).toBe(404)
  expect((await mayor.get('/', HTML)).text).not.toContain('Commune 2')
})

test('[W3] the console finds a tenant whatever the accents, ligatures and apostrophes', async () => {
  await using kernel = await startKernel({ plugins: [], tenants: 1 })
  await kernel.platform.tenants.create({ kind: 'commune', name: 'L’Œuilly-d’Été' }, { kind: 'operator', id: 'test', name: 'Test' })
  const poolAdmin = await kernel.as('pool-admin', 'pool')
  const found = await Promise.all(["l'oeuilly", 'd ete', 'ŒUILLY', 'commune', '%'].map(async (query) => {
    const { text } = await poolAdmin.get(`/?q=${encodeURIComponent(query)}`, HTML)
    return [text.includes('/collectivites/l-oeuilly-d-ete'), text.includes('/collectivites/commune-1')]
  }))
  expect(found).toEqual([[true, false], [true, false], [true, false], [false, true], [false, false]])
})

test('[Z8] the console shows tenants in pages, by name; a search and a kind find the others, and its links keep both', async () => {
  await using kernel = await startKernel({ plugins: [], tenants: 1 })
  const { tenants } = kernel.platform
  await tenants.importCommunes({ kind: 'departement', code: '17' }, { kind: 'operator', id: 'test', name: 'Test' })
  const poolAdmin = await kernel.as('pool-admin', 'pool')
  const slugsAt = async (path: string) => [...(await poolAdmin.get(path, HTML)).text.matchAll(/href="\/collectivites\/([^"/]+)"/g)].map((match) => match[1] ?? '')
  const names = tenants.list().slice(1).map(({ info }) => info.slug)
  const pages = Math.ceil(names.length / 50)
  const seen: string[] = []
  for (let page = 1; page <= pages; page += 1) seen.push(...await slugsAt(`/?page=${page}`))
  expect(seen).toEqual(names)
  expect(await slugsAt('/?page=9999')).toEqual(names.slice((pages - 1) * 50))
  expect(await slugsAt('/?page=-1')).toEqual(names.slice(0, 50))
  expect(await slugsAt('/?q=ca&kind=epci')).toEqual(tenants.search({ text: 'ca', kind: 'epci' }).map(({ info }) => info.slug))
  expect((await poolAdmin.get('/?q=saint&kind=commune', HTML)).text).toContain('href="/?q=saint&amp;kind=commune&amp;page=2"')
  const epci = await poolAdmin.get('/collectivites/ca-de-la-rochelle', HTML)
  expect([epci.status, epci.text.includes('/collectivites/aytre'), epci.text.includes('Intercommunalité')]).toEqual([200, true, true])
})

test('[S4] an agent’s arrangement of tiles stays, and is nobody else’s', async () => {
  await using kernel = await start()
  const order = async (client: Awaited<ReturnType<Kernel['as']>>): Promise<string> =>
    [...(await client.get('/bureau', HTML)).text.matchAll(/slot-title"[^>]*>.*?(Première|Seconde)<\/h2>/g)].map((match) => match[1]).join(' ')
  const [agent, other] = [await kernel.as('agent'), await kernel.as('agent')]
  expect(await order(agent)).toBe('Première Seconde')
  const arranging = await agent.get('/bureau/organiser', HTML)
  const tile = /name="tile" value="([^"]+)"/.exec(arranging.text)?.[1] ?? ''
  expect((await agent.submit('/bureau/organiser', { tile, move: 'down' })).status).toBe(303)
  expect([await order(agent), await order(other)]).toEqual(['Seconde Première', 'Première Seconde'])
  expect((await agent.submit('/bureau/organiser', { tile, move: 'hide' })).status).toBe(303)
  expect(await order(agent)).toBe('Seconde')
  expect((await agent.submit('/bureau/organiser', { tile, move: 'sideways' })).status).toBe(400)
  expect((await agent.get('/bureau/organiser', HTML)).text).toContain('Première')
})

test('[S5] a tile whose permission one lacks is neither in the Bureau nor at its own address', async () => {
  await using kernel = await start()
  const [agent, admin] = [await kernel.as('agent'), await kernel.as('tenant-admin')]
  expect((await agent.get('/contributions/fr.test.notes.0', HTML)).text).toContain('Première')
  expect((await admin.get('/bureau', HTML)).text).not.toContain('Première')
  expect([(await admin.get('/contributions/fr.test.notes.0', HTML)).status, (await kernel.visitor().get('/contributions/fr.test.notes.0', HTML)).status]).toEqual([404, 404])
})

test('[W4] a settings form that is wrong comes back with what was typed and what is wrong; one that is right holds at once', async () => {
  await using kernel = await start()
  const admin = await kernel.as('tenant-admin')
  const path = '/admin/modules/fr.test.notes/reglages'
  const wrong = await admin.submit(path, { most: '1000', heading: 'ab' })
  expect([wrong.status, wrong.text.includes('value="1000"'), wrong.text.includes('value="ab"'), wrong.text.includes('aria-invalid="true"')]).toEqual([422, true, true, true])
  expect(await kernel.platform.settings.get(kernel.tenantId(), 'fr.test.notes')).toEqual({ most: 10, heading: 'Notes' })
  expect((await admin.submit(path, { most: '20', heading: 'Mes notes' })).status).toBe(303)
  expect(await kernel.platform.settings.get(kernel.tenantId(), 'fr.test.notes')).toEqual({ most: 20, heading: 'Mes notes' })
  const own = await admin.submit('/admin/reglages', { accent: '#ffff00', welcome: 'Bienvenue à tous', contact: 'mairie@example.fr' })
  expect([own.status, own.text.includes('Bienvenue à tous'), own.text.includes('#ffff00')]).toEqual([422, true, true])
  expect((await admin.submit('/admin/reglages', { accent: '#003366', welcome: 'Bienvenue à tous', contact: 'mairie@example.fr' })).status).toBe(303)
  expect((await kernel.visitor().get('/', HTML)).text).toContain('Bienvenue à tous')
})

test('[W5] what administrators do on the pages works, and the audit trail says who did it', async () => {
  await using kernel = await start()
  const admin = await kernel.as('tenant-admin')
  const made = await admin.submit('/admin/comptes', { login: 'dominique', name: 'Dominique Durand', role: ['agent'] })
  expect([made.status, made.text.includes('dominique')]).toEqual([200, true])
  const { accounts: [account] } = await kernel.platform.accounts.list(kernel.tenantId(), { search: 'dominique', limit: 1 })
  expect((await admin.submit(`/admin/comptes/${account?.id}/roles`, { role: ['agent', 'citizen'] }, `/admin/comptes/${account?.id}`)).status).toBe(303)
  expect((await kernel.platform.accounts.get(kernel.tenantId(), account?.id ?? ''))?.roles.toSorted()).toEqual(['agent', 'citizen'])
  expect((await admin.submit('/admin/comptes', { login: 'dominique', name: 'Une autre', role: ['agent'] })).status).toBe(422)
  const granting = await admin.get('/admin/roles', HTML)
  const grants = [...granting.text.matchAll(/<input(?=[^>]*name="grant")(?=[^>]*\schecked)[^>]*value="([^"]+)"/g)].map((match) => match[1] ?? '')
  expect(grants).toContain('agent|fr.test.notes/read')
  expect((await admin.submit('/admin/roles', { shown: [...granting.text.matchAll(/name="shown" value="([^"]+)"/g)].map((match) => match[1] ?? ''), grant: grants.filter((grant) => grant !== 'agent|fr.test.notes/write') })).status).toBe(303)
  expect((await (await kernel.as('agent')).get('/apps/notes/new', HTML)).status).toBe(403)
  expect((await admin.submit('/admin/modules/fr.test.notes/desactiver', {}, '/admin/modules')).status).toBe(409)
  expect((await admin.submit('/admin/modules/fr.test.reader/desactiver', {}, '/admin/modules')).status).toBe(303)
  expect((await kernel.visitor().get('/apps/reader/any')).status).toBe(404)
  expect((await admin.submit('/admin/modules/fr.test.reader/activer', {}, '/admin/modules')).status).toBe(303)
  const trail = await kernel.platform.audit.list(kernel.tenantId(), { limit: 50 })
  for (const action of ['account.created', 'permission.taken', 'plugin.disabled', 'plugin.enabled']) {
    expect([action, trail.some((line) => line.action === action && line.actor.kind === 'account' && line.actor.name.startsWith('Personne'))]).toEqual([action, true])
  }
  const shown = await admin.get('/admin/journal', HTML)
  expect(shown.text).toMatch(/Personne 1[^M]*Module désactivé/)
})

test('[W6] a dead letter is on the administration’s page, with its error, and its button delivers it again', async () => {
  const state = { handled: [] as string[] }
  await using kernel = await startKernel({ plugins: [faultyPlugin(state), neighbourPlugin()] })
  await kernel.visitor().post('/apps/neighbour/poke', { who: 'anne', how: 'rejects' })
  for (let minute = 0; minute < 10; minute += 1) {
    kernel.outside.advance(60_000)
    await kernel.settle()
  }
  const admin = await kernel.as('tenant-admin')
  const page = await admin.get('/admin/evenements', HTML)
  expect([page.status, page.text.includes('PLUGIN_CALL_FAILED'), page.text.includes('Fautif')]).toEqual([200, true, true])
  const action = /action="(\/admin\/evenements\/[^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const tries = state.handled.length
  expect((await admin.submit(action, {}, '/admin/evenements')).status).toBe(303)
  await kernel.settle()
  expect(state.handled.length).toBe(tries + 1)
})
