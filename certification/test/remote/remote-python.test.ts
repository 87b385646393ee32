import { execFileSync, spawnSync } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defineEvent, definePlugin, Type } from '@liberacces/sdk'
import { pinnedFetch } from '@liberacces/core'
import type { TestClient } from '../../src/testing/test-client.ts'
import { OPERATOR, startKernel, type Kernel } from '../kernel/kernel-kit.ts'
import { startPythonApplication, type PythonApplication } from './python-application.ts'

const version = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'])
const hasPython = version.status === 0
if (!hasPython) process.stderr.write('There is no Python 3.9 or later on this machine: the example in Python is not tried.\n')

const ID = 'org.example.reports'
const SECRET = `whsec_${randomBytes(32).toString('base64')}`
const HTML = { headers: { accept: 'text/html' } }

const Reported = defineEvent('org.example.reports.reported/v1', Type.Object({ reportId: Type.String(), place: Type.String(), kind: Type.String() }), { subject: 'reportId' })
/** Signs as anybody who has a secret can. */
function signed(secret: string, id: string, seconds: number, body: string): Readonly<Record<string, string>> {
  const signature = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` }
}

/** The tile of the application: in the page, or where it arrives later when the machine is busy. */
async function tileFor(client: TestClient): Promise<string> {
  const { text } = await client.get('/bureau', HTML)
  const late = /<turbo-frame[^>]*\ssrc="([^"]+)"/.exec(text)?.[1]
  return late === undefined ? text : (await client.get(late.replaceAll('&amp;', '&'), HTML)).text
}

const heard: { readonly tenant: string; readonly place: string }[] = []
/** Another plugin of the platform, which hears what the application tells. */
const listener = definePlugin()({
  id: 'org.example.listener', version: '1.0.0', path: 'ecoute', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Écoute' }, publisher: { name: 'Test', contact: 'https://example.org' },
  scopes: [], messages: { fr: {}, en: {} }, privacy: { stores: [] },
  setup(k) { k.on(Reported, async (c, { data }) => { heard.push({ tenant: c.tenant.slug, place: data.place }) }) },
})

describe.skipIf(!hasPython)('the example in Python, with its standard library alone', () => {
  let kernel: Kernel
  let python: PythonApplication

  beforeAll(async () => {
    python = await startPythonApplication(SECRET)
    kernel = await startKernel({ plugins: [listener], tenants: 2, network: 'real', env: { LIBERACCES_EGRESS_ALLOW: `${ID}=127.0.0.1` } })
    // The example looks at a real clock.
    kernel.outside.advance(Date.now() - kernel.outside.now())
    await kernel.platform.applications.add(python.url, { secret: SECRET }, OPERATOR)
    for (const index of [0, 1]) await kernel.platform.installations.enable(kernel.tenantId(index), ID, '*', OPERATOR)
  })
  afterAll(async () => {
    await kernel?.[Symbol.asyncDispose]()
    await python?.[Symbol.asyncDispose]()
  })

  test('[R138] a resident reports by a form, an event reaches another plugin and the application itself, agents see it in tile, page and route', async () => {
    const sent = await kernel.visitor().submit('/apps/signalements/nouveau', { place: 'Rue du Port <b>12</b>', kind: 'lamp', email: 'camille@example.org' })
    expect([sent.status, sent.headers['location']]).toEqual([303, '/apps/signalements/nouveau'])
    await kernel.settle()
    expect(heard).toEqual([{ tenant: 'commune-1', place: 'Rue du Port <b>12</b>' }])

    const agent = await kernel.as('agent')
    const reports = (await agent.get('/apps/signalements/reports?state=open')).json<readonly { readonly id: string; readonly place: string }[]>()
    expect(reports).toEqual([{ id: expect.any(String) as string, place: 'Rue du Port <b>12</b>', kind: 'lamp', state: 'open' }])
    expect(await tileFor(agent)).toMatch(/<a href="\/apps\/signalements\/"[^>]*>Un signalement à traiter<\/a>/)
    expect((await agent.get('/apps/signalements/', HTML)).text).toContain('Rue du Port &lt;b&gt;12&lt;/b&gt;')

    const closed = await agent.post(`/apps/signalements/reports/${reports[0]?.id ?? ''}/closing`, undefined)
    expect([closed.status, closed.json()]).toEqual([200, { id: reports[0]?.id, state: 'closed' }])
    expect((await agent.post(`/apps/signalements/reports/${reports[0]?.id ?? ''}/closing`, undefined)).status).toBe(404)
    const trail = await kernel.platform.audit.list(kernel.tenantId(), { limit: 10, action: 'report.closed' })
    expect(trail).toMatchObject([{ pluginId: ID, target: reports[0]?.id, actor: { kind: 'account' } }])
  })

  test('[R138] what one commune knows the other does not, and rights hold in front of the application', async () => {
    const other = await kernel.as('agent', 1)
    expect((await other.get('/apps/signalements/reports')).json()).toEqual([])
    expect((await kernel.visitor().get('/apps/signalements/reports')).status).toBe(401)
    const wrong = await kernel.visitor().submit('/apps/signalements/nouveau', { place: 'x', kind: 'dragon' })
    expect(wrong.status).toBe(422)
  })

  test('[R138] its personal data is exported and erased when the platform asks', async () => {
    const tenantId = kernel.tenantId()
    const account = await kernel.platform.accounts.create(tenantId, { login: 'camille', name: 'Camille', email: 'camille@example.org', password: 'a-long-enough-test-password', roles: ['citizen'] }, OPERATOR)
    const subject = { id: account.id, email: 'camille@example.org', name: 'Camille' }
    const found = await kernel.platform.privacy.export(tenantId, subject, OPERATOR)
    expect(JSON.stringify(found)).toContain('Rue du Port')
    await kernel.platform.privacy.erase(tenantId, subject, OPERATOR)
    expect(JSON.stringify(await kernel.platform.privacy.export(tenantId, subject, OPERATOR))).not.toContain('Rue du Port')
  })

  test('[R139] who is not the platform gets nothing done: no signature, another secret, an old one, or one that came before', async () => {
    const body = JSON.stringify({ kind: 'call', protocol: 1, plugin: ID, release: '1.0.0', target: { at: 'endpoint', index: 2 }, facts: { tenant: { slug: 'commune-1' } }, input: {}, callback: { url: 'http://127.0.0.1:1', token: 'x' } })
    const now = Math.floor(Date.now() / 1_000)
    const post = async (headers: Readonly<Record<string, string>>) =>
      (await pinnedFetch(new URL(`${python.url}/call`), { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }, ['127.0.0.1'])).status
    const good = signed(SECRET, 'once', now, body)
    expect(await post({})).toBe(401)
    expect(await post(signed(`whsec_${randomBytes(32).toString('base64')}`, 'other', now, body))).toBe(401)
    expect(await post(signed(SECRET, 'old', now - 600, body))).toBe(401)
    expect(await post({ ...good, 'webhook-id': 'changed' })).toBe(401)
    expect(await post(good)).toBe(200)
    expect(await post(good)).toBe(401)
  })

  test('[R139] one that was signed before the application was started is not taken: the process before may have', async () => {
    const body = JSON.stringify({ kind: 'call', protocol: 1, plugin: ID, release: '1.0.0', target: { at: 'endpoint', index: 2 }, facts: { tenant: { slug: 'commune-1' } }, input: {}, callback: { url: 'http://127.0.0.1:1', token: 'x' } })
    const before = signed(SECRET, 'before', Math.floor(Date.now() / 1_000) - 2, body)
    await using started = await startPythonApplication(SECRET)
    const post = async (headers: Readonly<Record<string, string>>) =>
      (await pinnedFetch(new URL(`${started.url}/call`), { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }, ['127.0.0.1'])).status
    expect([await post(before), await post(signed(SECRET, 'after', Math.floor(Date.now() / 1_000), body))]).toEqual([401, 200])
  })

  test('[R140] when it is down its tile says so, everything else goes on, and events wait for it', async () => {
    const agent = await kernel.as('agent')
    await python[Symbol.asyncDispose]()
    expect(await tileFor(agent)).toContain('slot-item-failed')
    expect((await agent.get('/bureau', HTML)).status).toBe(200)
    const codes: unknown[] = []
    for (let time = 0; time < 5; time += 1) {
      const answer = await agent.get('/apps/signalements/reports')
      expect(answer.status).toBe(503)
      codes.push(answer.json<{ readonly code: string }>().code)
    }
    // After some failures it is not even tried, for a while.
    expect([codes[0], codes.at(-1)]).toEqual(['REMOTE_UNAVAILABLE', 'UNAVAILABLE'])
    expect(kernel.log.filter(({ plugin, code }) => plugin === ID && code === 'REMOTE_UNAVAILABLE').length).toBeGreaterThan(0)
  })
})

test.skipIf(!hasPython)('[R138] the example is written for the oldest Python that it names, and nothing of it is missing', () => {
  const folder = fileURLToPath(new URL('../../../templates/remote-python/', import.meta.url))
  const program = `
import ast, pathlib, sys
for path in sorted(pathlib.Path('.').glob('*.py')):
    tree = ast.parse(path.read_text('utf-8'), feature_version=(3, 9))
    names = {n.split('.')[0] for node in ast.walk(tree) for n in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else [])}
    print(path.name, sorted(names - set(sys.stdlib_module_names) - {'liberacces', 'reports'}))
import app
app.build('', pathlib.Path('unused')).check()
`
  const said = execFileSync('python3', ['-B', '-c', program], { cwd: folder, encoding: 'utf8' })
  expect(said.trim().split('\n')).toEqual(['app.py []', 'liberacces.py []', 'reports.py []'])
})
