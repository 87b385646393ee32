import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { PlatformError } from '../../src/errors.ts'
import type { FrontPorts } from '../../src/http/front-ports.ts'
import { readyPage as asReadyPage } from '../../src/http/ready-page.ts'
import { SECURITY_HEADERS } from '../../src/http/security-headers.ts'
import { itemsPlugin, newCalls } from './fixture-plugin.tsx'
import { loaded, person, startFront } from './test-front.tsx'

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

test('[H1] a host nobody has, or that is no host, gets a 404 that names no tenant', async () => {
  await using platform = await startFront({ releases: [loaded(itemsPlugin(newCalls()))] })
  for (const host of ['nobody.localhost', 'localhost', '127.0.0.1', 'la-rochelle.localhost.evil.example', 'la-rochelle.localhost@evil', 'la rochelle', '[::1]', '..', 'la-rochelle.localhost:99999999', `${'a'.repeat(300)}.fr`]) {
    const data = await platform.get('/apps/items/', { host })
    expect([host, data.status, data.json['code']]).toEqual([host, 404, 'HOST_UNKNOWN'])
    const page = await platform.get('/apps/items/', { host, headers: { accept: 'text/html' } })
    expect([page.status, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
    expect(data.text + page.text).not.toMatch(/rochelle.*Rochelle|Aytré|aytre/)
  }
})

test('[H1] a host is found whatever its case, port and final dot; two hosts in one request are none', async () => {
  await using platform = await startFront()
  for (const host of ['LA-Rochelle.localhost', 'la-rochelle.localhost:3000', 'la-rochelle.localhost.']) expect((await platform.get('/robots.txt', { host })).status).toBe(200)
  const twice = await platform.raw('GET /robots.txt HTTP/1.1\r\nHost: la-rochelle.localhost\r\nHost: aytre.localhost\r\nConnection: close\r\n\r\n')
  expect(twice).toMatch(/^HTTP\/1\.1 40[04] /)
  expect(await platform.raw('GET /robots.txt HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
})

test('[H2] every answer carries the security headers, whoever makes it', async () => {
  await using platform = await startFront({ releases: [loaded(itemsPlugin(newCalls()))] })
  const paths = ['/healthz', '/metrics', '/apps/items/', '/apps/items/api/items/boom', '/apps/items/api/items/1', '/nothing', '/apps/items//x', '/assets/turbo.js', '/apps/items/inside']
  for (const path of paths) {
    const { headers } = await platform.get(path)
    for (const [name, value] of SECURITY_HEADERS) expect([path, name, headers[name.toLowerCase()]]).toEqual([path, name, value])
  }
  expect((await platform.get('/x', { host: 'nobody.localhost' })).headers['content-security-policy']).toContain("default-src 'none'")
})

test('[H2] a page that is ready is sent as it is, with the headers of one that is made', async () => {
  const asked: string[] = []
  let html = ''
  const readyPage: FrontPorts['readyPage'] = (_request, path, { tenant, principal, locale }) => {
    asked.push([path, tenant.info.slug, principal.id, locale].join(' '))
    return path === '/ready' ? asReadyPage(html) : undefined
  }
  const kernelRoutes: FrontPorts['kernelRoutes'] = (instance) => {
    for (const path of ['/ready', '/made']) instance.get(path, (_request, reply) => reply.type('text/html; charset=utf-8').send(html))
  }
  await using platform = await startFront({ releases: [loaded(itemsPlugin(newCalls()))], people: [person('Camille', 'cookie')], ports: { readyPage, kernelRoutes } })
  for (const [as, times] of [['Camille', 1], [undefined, 1_000]] as const) {
    const who = as === undefined ? {} : { as }
    html = `<!doctype html><title>Les élus — l’accueil</title>${'<p>œuvre 🎉</p>'.repeat(times)}`
    const [ready, made] = [await platform.get('/ready', who), await platform.get('/made', who)]
    expect([ready.status, ready.text]).toEqual([200, html])
    expect(ready.headers).toEqual({ ...made.headers, date: ready.headers.date, traceparent: expect.stringMatching(TRACEPARENT) })
    expect(ready.headers['traceparent']).not.toBe(made.headers['traceparent'])
  }
  expect(asked).toEqual(['/ready la-rochelle Camille fr', '/made la-rochelle Camille fr', '/ready la-rochelle anonymous fr', '/made la-rochelle anonymous fr'])
  // A language that is asked for is remembered by a cookie; a plugin answers for itself.
  expect((await platform.get('/ready?lang=en')).headers['set-cookie']).toEqual([expect.stringMatching(/^lang=en;/)])
  await platform.get('/ready', { method: 'HEAD' })
  await platform.get('/apps/items/')
  await platform.get('/ready', { host: 'nobody.localhost' })
  expect(asked).toHaveLength(4)
  expect(await (await fetch(`http://127.0.0.1:${platform.port}/metrics`)).text()).toMatch(/liberacces_http_requests_total\{plugin="kernel",status="200"\} 6/)
})

test('[H3] an address that can be read in two ways is refused before any plugin sees it', async () => {
  const calls = newCalls()
  await using platform = await startFront({ releases: [loaded(itemsPlugin(calls))] })
  for (const path of [
    '/apps/../apps/items/', '/apps/items/../items/', '/apps/items/%2e%2e/items/', '/apps/items/.%2E/', '/apps/items/./', '//apps/items/', '/apps//items/', '/apps/items/api/items/a%2fb',
    '/apps/items/api/items/a%5Cb', '/apps/items/api/items/a%00b', '/apps/items/api/items/a%zz', '/apps/items/api/items/a%', '/apps\\items/', '/apps/items/#x',
  ]) {
    const { status, json } = await platform.get(path)
    expect([path, status, json['code']]).toEqual([path, 400, 'REQUEST_INVALID'])
  }
  expect(await platform.raw('GET http://la-rochelle.localhost/apps/items/ HTTP/1.1\r\nHost: la-rochelle.localhost\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  expect(await platform.raw('GET /apps/items/\0 HTTP/1.1\r\nHost: la-rochelle.localhost\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  expect(calls.inputs).toEqual([])
  expect((await platform.get('/%61pps/items/')).status).toBe(404)
})

test('[H4] the language is the one asked for, else remembered, else preferred, else French', async () => {
  await using platform = await startFront({ releases: [loaded(itemsPlugin(newCalls()))] })
  const language = async (path: string, headers: Record<string, string> = {}) => (await platform.get(path, { headers })).json['title']
  const path = '/apps/items/api/items/1'
  expect(await language(path)).toBe('fr')
  expect(await language(path, { 'accept-language': 'de, en-GB;q=0.8, fr;q=0.2' })).toBe('en')
  expect(await language(path, { 'accept-language': 'en;q=0' })).toBe('fr')
  expect(await language(path, { 'accept-language': 'en', 'cookie': 'a=b; lang=fr' })).toBe('fr')
  expect(await language(`${path}?lang=en`, { cookie: 'lang=fr' })).toBe('en')
  expect(await language(`${path}?lang=xx`, { cookie: 'lang=en' })).toBe('en')
  const { headers } = await platform.get(`${path}?lang=en`)
  expect(headers['set-cookie']).toEqual([expect.stringMatching(/^lang=en; .*HttpOnly; SameSite=Lax$/)])
})

test('[H5] a valid trace goes on, anything else starts a new one, and the answer names it', async () => {
  await using platform = await startFront()
  const trace = async (traceparent?: string) => (await platform.get('/robots.txt', { headers: traceparent === undefined ? {} : { traceparent } })).headers['traceparent'] as string
  const own = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'
  expect(await trace(own)).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-00$/)
  expect(await trace(`cc${own.slice(2)}-later`)).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-/)
  const seen = new Set<string>()
  for (const wrong of [undefined, '', 'x', own.toUpperCase(), `ff${own.slice(2)}`, `${own}-more`, own.replace(/-[0-9a-f]{32}-/, `-${'0'.repeat(32)}-`), own.replace(/-[0-9a-f]{16}-/, `-${'0'.repeat(16)}-`)]) {
    const given = await trace(wrong)
    expect(given).toMatch(TRACEPARENT)
    expect(given).not.toContain('0af7651916cd43dd8448eb211c80319c')
    seen.add(given.slice(3, 35))
  }
  expect(seen.size).toBe(8)
})

test('[H6] what a person sees when logged in is not stored by any cache', async () => {
  const reader = person('ada', 'cookie', 'fr.example.items/item.read')
  await using platform = await startFront({ people: [reader], releases: [loaded(itemsPlugin(newCalls()))] })
  expect((await platform.get('/apps/items/inside', { as: 'ada' })).headers['cache-control']).toBe('private, no-store')
  expect((await platform.get('/apps/items/', {})).headers['cache-control']).toBe('no-cache')
  expect((await platform.get('/apps/items/api/items/1')).headers['cache-control']).toBe('public, max-age=60')
  expect((await platform.get('/apps/items/api/items/1', { as: 'ada' })).headers['cache-control']).toBe('private, no-store')
})

test('[H7] a swap lets requests under way finish on the old release and sends new ones to the new', async () => {
  const calls = newCalls()
  const gate = Promise.withResolvers<void>()
  calls.gate = gate.promise
  await using platform = await startFront()
  const [one, two] = [loaded(itemsPlugin(calls, '1.0.0')), loaded(itemsPlugin(newCalls(), '1.1.0'))]
  const first = await platform.mount(one)
  const underWay = platform.get('/apps/items/api/slow')
  await expect.poll(() => calls.inputs).toEqual(['slow'])
  await platform.mount(two)
  let gone = false
  const unmounted = first.unmount().then((drained) => { gone = true; return drained })
  expect((await platform.get('/apps/items/api/slow')).json).toEqual({ version: '1.1.0' })
  expect(gone).toBe(false)
  gate.resolve()
  expect((await underWay).json).toEqual({ version: '1.0.0' })
  expect(await unmounted).toBe(true)
  expect(await first.unmount()).toBe(true)
})

test('[H7] an unmount that waits too long says so, and a release that is gone answers 503', async () => {
  const calls = newCalls()
  const gate = Promise.withResolvers<void>()
  calls.gate = gate.promise
  await using platform = await startFront()
  const release = loaded(itemsPlugin(calls))
  const mount = await platform.mount(release)
  const underWay = platform.get('/apps/items/api/slow')
  await expect.poll(() => platform.front.inFlightOf(release)).toBe(1)
  expect(await mount.unmount(10)).toBe(false)
  const { status, json, headers } = await platform.get('/apps/items/')
  expect([status, json['code'], headers['retry-after']]).toEqual([503, 'UNAVAILABLE', '2'])
  gate.resolve()
  expect((await underWay).status).toBe(200)
})

test('[H8] stopping finishes what is under way, refuses the rest and is no longer ready', async () => {
  const calls = newCalls()
  const gate = Promise.withResolvers<void>()
  calls.gate = gate.promise
  const platform = await startFront({ releases: [loaded(itemsPlugin(calls))] })
  expect((await platform.get('/readyz')).status).toBe(200)
  const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: la-rochelle.localhost\r\n\r\n`
  // On one connection, a second request follows while the first is under way and the platform stops.
  const socket = connect(platform.port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => { text += String(chunk) })
  const closed = new Promise((resolve) => { socket.on('close', resolve) })
  socket.write(request('/apps/items/api/slow'))
  await expect.poll(() => calls.inputs).toEqual(['slow'])
  const stopped = platform.front.stop()
  socket.write(request('/apps/items/') + request('/readyz'))
  await expect.poll(() => platform.log.some(({ code }) => code === 'UNAVAILABLE')).toBe(true)
  gate.resolve()
  await stopped
  await closed
  expect(text).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"version":"1\.0\.0"/)
  expect(calls.inputs).toEqual(['slow'])
  await expect(platform.get('/healthz')).rejects.toThrow(/ECONNREFUSED/)
})

test('[H8] a request that never ends is cut off when the time for stopping is over', async () => {
  const calls = newCalls()
  calls.gate = new Promise(() => undefined)
  const platform = await startFront({ releases: [loaded(itemsPlugin(calls))] })
  const cut = platform.get('/apps/items/api/slow').then(() => 'answered', (error: Error) => error.message)
  await expect.poll(() => calls.inputs).toEqual(['slow'])
  await platform.front.stop(20)
  expect(await cut).toMatch(/socket hang up|ECONNRESET/)
  expect(platform.log.some(({ msg }) => msg === 'Requests were cut off: they did not end in time.')).toBe(true)
})

test('[H9] headers, addresses and bodies past their limits are refused, each with its own status', async () => {
  const writer = person('bot', 'token', 'fr.example.items/item.write')
  await using platform = await startFront({ people: [writer], releases: [loaded(itemsPlugin(newCalls()))] })
  expect((await platform.get('/robots.txt', { headers: { 'x-long': 'a'.repeat(20_000) } })).status).toBe(431)
  const long = await platform.get(`/apps/items/?q=${'a'.repeat(5_000)}`)
  expect([long.status, long.json['status']]).toEqual([414, 414])
  const big = await platform.post('/apps/items/api/items', JSON.stringify({ title: 'x'.repeat(1_100_000) }), 'application/json', { as: 'bot' })
  expect([big.status, big.json['code']]).toEqual([413, 'BODY_TOO_LARGE'])
  expect(await platform.raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/)
})

test('[H10] whatever authentication or tenancy throws becomes an answer, never a hanging request', async () => {
  let how: 'sync' | 'async' | 'late' = 'sync'
  await using platform = await startFront({
    releases: [loaded(itemsPlugin(newCalls()))],
    ports: {
      authenticate: () => {
        const error = new PlatformError('UNAVAILABLE', 'Sessions cannot be read.', { fix: 'Wait.', retryAfterSeconds: 7 })
        if (how === 'sync') throw error
        return how === 'async' ? Promise.reject(error) : Promise.resolve(person('late', 'token'))
      },
    },
  })
  for (how of ['sync', 'async'] as const) {
    const { status, headers, text } = await platform.get('/apps/items/')
    expect([status, headers['retry-after']]).toEqual([503, '7'])
    expect(text).not.toContain('Sessions')
  }
  how = 'late'
  expect((await platform.get('/apps/items/')).text).toContain('Bonjour late')
})

test('[H11] a page of one tenant is never made with the other one’s data', async () => {
  const calls = newCalls()
  await using platform = await startFront({ releases: [loaded(itemsPlugin(calls))] })
  await Promise.all(Array.from({ length: 20 }, async (_, index) => platform.get('/apps/items/', { host: index % 2 === 0 ? 'aytre.localhost' : 'la-rochelle.localhost' })))
  expect(calls.inputs.map(String).toSorted((a, b) => a.localeCompare(b))).toEqual([...Array.from({ length: 10 }, () => 'aytre'), ...Array.from({ length: 10 }, () => 'la-rochelle')])
})

test('[H40] the call of a person who went away is told so; one that ended well is not', async () => {
  const calls = newCalls()
  calls.gate = new Promise(() => undefined)
  const signals: AbortSignal[] = []
  await using platform = await startFront({
    releases: [loaded(itemsPlugin(calls))],
    ports: { runtime: { call: async (_release, origin, _call, body) => { if (origin.signal !== undefined) signals.push(origin.signal); return body({ locale: origin.locale } as never) } } },
  })
  await platform.get('/apps/items/api/items/1')
  const socket = connect(platform.port, '127.0.0.1')
  socket.write('GET /apps/items/api/slow HTTP/1.1\r\nHost: la-rochelle.localhost\r\n\r\n')
  await expect.poll(() => signals.length).toBe(2)
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false])
  socket.destroy()
  await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([false, true])
})
