import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { CODES } from '../../src/errors.ts'
import { loadAssets } from '../../src/http/kernel/assets.ts'
import { createLog } from '../../src/http/log.ts'
import { itemsPlugin, newCalls } from './fixture-plugin.tsx'
import { loaded, person, startFront } from './test-front.tsx'

test('[H34] health is told at any host; readiness only when the platform can serve', async () => {
  let ready = false
  await using platform = await startFront({ ports: { ready: () => ready || 'behind' } })
  const status = async (path: string) => (await platform.get(path, { host: 'nobody.localhost' })).status
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503])
  ready = true
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200])
})

test('[H35] metrics count requests by plugin and status, and are for this machine or a token that may', async () => {
  const people = [person('monitor', 'token', 'platform/metrics.read'), person('ada', 'cookie')]
  await using platform = await startFront({ people, releases: [loaded(itemsPlugin(newCalls()))] })
  for (const id of ['1', '2', 'none', 'boom']) await platform.get(`/apps/items/api/items/${id}`)
  await platform.get('/nothing')
  const local = await platform.get('/metrics', { host: 'localhost' })
  expect([local.status, local.headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')])
  for (const line of [
    'liberacces_http_requests_total{plugin="fr.example.items",status="200"} 2', 'liberacces_http_requests_total{plugin="fr.example.items",status="404"} 1', 'liberacces_http_requests_total{plugin="fr.example.items",status="500"} 1',
    'liberacces_plugin_failures_total{plugin="fr.example.items",code="PLUGIN_CALL_FAILED"} 1', 'liberacces_http_request_duration_seconds_bucket{plugin="fr.example.items",le="+Inf"} 4',
    'liberacces_http_request_duration_seconds_count{plugin="fr.example.items"} 4', '# TYPE liberacces_http_request_duration_seconds histogram', 'liberacces_http_requests_in_flight 1',
  ]) expect(local.text).toContain(line)
  const proxied = async (as?: string) => (await platform.get('/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' }, ...(as === undefined ? {} : { as }) })).status
  expect([await proxied(), await proxied('ada'), await proxied('monitor')]).toEqual([401, 403, 200])
})

test('[H36] styles and scripts are cached for ever under a name that changes with them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assets-'))
  try {
    await writeFile(join(folder, 'a.css'), '.a{}')
    await writeFile(join(folder, 'b.css'), '.b{}')
    const assets = await loadAssets([join(folder, 'a.css'), join(folder, 'b.css')])
    await using platform = await startFront({ ports: { kernel: { releasesOf: () => [], theme: () => undefined, metricsPermission: 'x', assets } } })
    const css = await platform.get(assets.url('ui.css'))
    expect([assets.url('ui.css'), css.text, css.headers['cache-control'], css.headers['content-type']]).toEqual([expect.stringMatching(/^\/assets\/ui\.[0-9a-f]{12}\.css$/), '.a{}\n.b{}', 'public, max-age=31536000, immutable', 'text/css; charset=utf-8'])
    const turbo = await platform.get('/assets/turbo.js', { headers: { 'accept-encoding': 'br, gzip' } })
    expect([turbo.headers['content-encoding'], turbo.headers['cache-control'], turbo.headers['vary']]).toEqual(['gzip', 'no-cache', 'Accept-Encoding'])
    expect(gunzipSync(turbo.bytes).toString()).toContain('Turbo')
    expect((await platform.get('/assets/turbo.js', { headers: { 'if-none-match': turbo.headers.etag ?? '' } })).status).toBe(304)
    for (const name of ['x.css', 'a.css', '..%2fpackage.json', 'constructor']) expect((await platform.get(`/assets/${name}`)).status).toBeGreaterThanOrEqual(400)
    await writeFile(join(folder, 'a.css'), '.a{color:red}')
    expect((await loadAssets([join(folder, 'a.css'), join(folder, 'b.css')])).url('ui.css')).not.toBe(assets.url('ui.css'))
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('[H37] a tenant’s colour is a colour, whatever its settings hold', async () => {
  let accent: string | undefined
  await using platform = await startFront({ ports: { kernel: { releasesOf: () => [], theme: () => (accent === undefined ? undefined : { accent }), metricsPermission: 'x', assets: await loadAssets([]) } } })
  const css = async () => (await platform.get('/theme.css')).text
  const plain = await css()
  accent = '#00539f'
  expect(await css()).toContain('--la-accent:#00539f;')
  for (accent of ['', 'red', '#00539f}body{display:none', '#00539f;background:url(//evil.example)', '#00539f\n']) expect([accent, await css()]).toEqual([accent, plain])
})

test('[H38] the explanation that a problem links to is there, with every code', async () => {
  await using platform = await startFront()
  const { status, text } = await platform.get('/docs/errors')
  expect(status).toBe(200)
  for (const code of Object.keys(CODES)) expect(text).toContain(`id="${code}"`)
  for (const path of ['/robots.txt', '/favicon.svg', '/theme.css']) expect((await platform.get(path)).status).toBe(200)
})

test('[H39] a log line never holds a cookie, a token or a password', () => {
  let text = ''
  const log = createLog('info', { write: (line: string) => { text += line } })
  log.info({ password: 'hunter2', headers: { cookie: 'hunter2', authorization: 'Bearer hunter2' }, req: { headers: { 'cookie': 'hunter2', 'set-cookie': 'hunter2' } }, account: { password: 'hunter2' }, kept: 'yes' }, 'message')
  log.debug('not at this level')
  expect(text).not.toContain('hunter2')
  expect(JSON.parse(text)).toMatchObject({ level: 'info', kept: 'yes', msg: 'message', password: '[hidden]' })
})

test('[H39] a request leaves one line without its query, which may hold personal data', async () => {
  await using platform = await startFront({ releases: [loaded(itemsPlugin(newCalls()))] })
  await platform.get('/apps/items/?name=Dupont', { headers: { cookie: 'x=hunter2' } })
  await expect.poll(() => platform.log.filter(({ msg }) => msg === 'request')).toEqual([expect.objectContaining({ level: 'debug', method: 'GET', path: '/apps/items/', status: 200, tenant: 'la-rochelle', plugin: 'fr.example.items', release: '1.0.0', complete: true })])
  expect(JSON.stringify(platform.log)).not.toMatch(/Dupont|hunter2/)
})
