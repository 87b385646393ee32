import { expect, test } from 'vitest'
import { definePlugin, Type } from '@liberacces/sdk'
import { itemsPlugin, newCalls } from './fixture-plugin.tsx'
import { loaded, person, startFront } from './test-front.tsx'

const READ = 'fr.example.items/item.read'
const WRITE = 'fr.example.items/item.write'
const ITEMS = '/apps/items/api/items'

async function start(calls = newCalls()) {
  return startFront({
    releases: [loaded(itemsPlugin(calls))],
    people: [person('reader', 'token', READ), person('bot', 'token', READ, WRITE), person('ada', 'cookie', READ, WRITE), person('nobody', 'token', 'fr.example.other/item.read')],
  })
}

test('[H12] without a login a page leads to it and back, and the API says 401', async () => {
  await using platform = await start()
  const page = await platform.get('/apps/items/inside?a=1&b=2', { headers: { accept: 'text/html' } })
  expect([page.status, page.headers.location]).toEqual([303, `/auth/login?next=${encodeURIComponent('/apps/items/inside?a=1&b=2')}`])
  const data = await platform.get(ITEMS)
  expect([data.status, data.headers['content-type'], data.headers['www-authenticate'], data.json['code']]).toEqual([401, 'application/problem+json', 'Bearer', 'AUTH_REQUIRED'])
})

test('[H13] without the permission the answer is 403, before a body is read; another plugin’s permission is none', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  expect((await platform.get(ITEMS, { as: 'nobody' })).json['code']).toBe('PERMISSION_DENIED')
  expect((await platform.get('/apps/items/inside', { as: 'nobody' })).status).toBe(403)
  expect((await platform.post(ITEMS, '{broken', 'application/json', { as: 'reader' })).status).toBe(403)
  expect((await platform.get('/apps/items/inside', { as: 'reader' })).status).toBe(200)
  expect(calls.inputs).toEqual([])
})

test('[H14] a change made by cookie needs the token of our own pages; a bearer token needs none', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  const body = JSON.stringify({ title: 'x', kind: 'big' })
  const forged = await platform.post(ITEMS, body, 'application/json', { as: 'ada' })
  expect([forged.status, forged.json['code']]).toEqual([403, 'CSRF_REFUSED'])
  expect((await platform.post(ITEMS, body, 'application/json', { as: 'ada', headers: { 'x-csrf-token': 'csrf-ada' } })).status).toBe(201)
  expect((await platform.post(ITEMS, body, 'application/json', { as: 'bot' })).status).toBe(201)
  expect((await platform.get(ITEMS, { as: 'ada' })).status).toBe(200)
  expect(calls.inputs).toHaveLength(3)
})

test('[H15] a query is read by its schema: numbers, booleans, lists and defaults; what is sent empty, as forms do, and the rest is left out', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  for (const query of ['', '?page=3&done=true&tag=a&utm=x', '?page=2&done=0&tag=a&tag=b&lang=en', '?page=&done=']) expect((await platform.get(ITEMS + query, { as: 'reader' })).status).toBe(200)
  expect(calls.inputs).toEqual([{ page: 1 }, { page: 3, done: true, tag: ['a'] }, { page: 2, done: false, tag: ['a', 'b'] }, { page: 1 }])
  for (const [query, field] of [['?page=0', 'query/page'], ['?page=x', 'query/page'], ['?page=1.5', 'query/page'], ['?page=1&page=2', 'query/page'], ['?done=maybe', 'query/done'], ['?page=%20', 'query/page']]) {
    const { status, json } = await platform.get(`${ITEMS}${query}`, { as: 'reader' })
    expect([query, status, json['code'], Object.keys(json['fields'] as object)]).toEqual([query, 400, 'REQUEST_INVALID', [field]])
  }
})

test('[H16] a body is taken as it is or refused, every wrong place named; nothing is converted', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  const send = async (body: unknown) => platform.post(ITEMS, JSON.stringify(body), 'application/json', { as: 'bot' })
  expect((await send({ title: 'x' })).status).toBe(201)
  expect(calls.inputs).toEqual([{ title: 'x', kind: 'small' }])
  const wrong = await send({ title: 5, kind: 'huge', count: '1', extra: true })
  expect([wrong.status, wrong.json['code'], Object.keys(wrong.json['fields'] as object).toSorted()]).toEqual([400, 'REQUEST_INVALID', ['body/count', 'body/extra', 'body/kind', 'body/title']])
  for (const body of [null, [], 'text', 1, {}]) expect((await send(body)).status).toBe(400)
  expect(calls.inputs).toHaveLength(1)
})

test('[H17] broken JSON, pollution of prototypes and other content types are refused', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  const cases: readonly (readonly [string, string, number])[] = [
    ['{"title":', 'application/json', 400], ['', 'application/json', 400],
    ['{"title":"x","__proto__":{"admin":true}}', 'application/json', 400], ['{"title":"x","constructor":{"prototype":{"admin":true}}}', 'application/json', 400],
    ['{"title":"x"}', 'text/plain', 415], ['title=x', 'application/x-www-form-urlencoded', 415], ['<x/>', 'application/xml', 415],
    ['--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nx\r\n--b--', 'multipart/form-data; boundary=b', 415], ['{}', 'nonsense', 415],
  ]
  for (const [body, type, status] of cases) expect([type, body, (await platform.post(ITEMS, body, type, { as: 'bot' })).status]).toEqual([type, body, status])
  expect((await platform.get(`${ITEMS}?__proto__[x]=1&constructor=2&page=1`, { as: 'reader' })).status).toBe(200)
  expect(calls.inputs).toEqual([{ page: 1 }])
  expect(({} as { admin?: unknown }).admin).toBeUndefined()
})

test('[H18] an answer that does not fit its declaration is the plugin’s failure, and undeclared fields never leave', async () => {
  await using platform = await start()
  expect((await platform.get(`${ITEMS}/extra`)).json).toEqual({ id: 'x', title: 'y' })
  for (const id of ['long', 'undeclared', 'cookie', 'nothing', 'away']) {
    const { status, json, headers } = await platform.get(`${ITEMS}/${id}`)
    expect([id, status, json['code'], headers['set-cookie'], headers['location']]).toEqual([id, 502, 'PLUGIN_ANSWER_INVALID', undefined, undefined])
  }
  expect((await platform.get('/apps/items/api/tree')).json).toEqual({ children: [{ children: [] }] })
})

test('[H18] a redirect stays in the plugin, with what is encoded kept as it is', async () => {
  await using platform = await start()
  const { status, headers } = await platform.get(`${ITEMS}/home`)
  expect([status, headers.location]).toEqual([303, '/apps/items/caf%C3%A9?q=a%26b'])
})

test('[H18] text goes out as it is, under its own media type', async () => {
  await using platform = await start()
  const { headers, text } = await platform.get('/apps/items/feed.xml')
  expect([headers['content-type'], text]).toEqual(['application/atom+xml; charset=utf-8', '<feed>é</feed>'])
})

test('[H18] a route’s own ETag answers 304 to who has it', async () => {
  await using platform = await start()
  const { status, text } = await platform.get(`${ITEMS}/1`, { headers: { 'if-none-match': '"v0", W/"v1"' } })
  expect([status, text]).toEqual([304, ''])
})

test('[H19] a failure tells the outside nothing, and the log who, what and why', async () => {
  await using platform = await start()
  const { status, json, text, headers } = await platform.get(`${ITEMS}/boom`)
  expect(status).toBe(500)
  expect(Object.keys(json).toSorted()).toEqual(['code', 'detail', 'fix', 'instance', 'status', 'title', 'traceId', 'type'])
  expect(json).toMatchObject({ type: '/docs/errors#PLUGIN_CALL_FAILED', code: 'PLUGIN_CALL_FAILED', instance: `${ITEMS}/boom`, traceId: (headers['traceparent'] as string).slice(3, 35) })
  expect(text).not.toMatch(/secret|password|fr\.example/)
  const line = platform.log.find(({ level }) => level === 'error')
  expect(line).toMatchObject({ tenant: 'la-rochelle', plugin: 'fr.example.items', release: '1.0.0', code: 'PLUGIN_CALL_FAILED', traceId: json['traceId'] })
  expect(JSON.stringify(line)).toContain('secret database password')
})

test('[H19] a handler past its time answers 504, and one that is slow elsewhere is not disturbed', async () => {
  await using platform = await start()
  const [late, fine] = await Promise.all([platform.get('/apps/items/api/late'), platform.get(`${ITEMS}/1`)])
  expect([late.status, late.json['code'], fine.status]).toEqual([504, 'PLUGIN_CALL_TIMEOUT', 200])
})

test('[H20] people get a page about an error, programs problem details', async () => {
  await using platform = await start()
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
  const page = await platform.get('/apps/items/nothing', { headers: { 'accept': browser, 'accept-language': 'en' } })
  expect([page.status, page.headers['content-type'], page.text]).toEqual([404, 'text/html; charset=utf-8', expect.stringContaining('<html lang="en"><h1>404</h1>')])
  for (const accept of ['application/json', '*/*', 'text/html;q=0.1, application/json', 'application/problem+json, text/html;q=0.5', 'text/html;q=0']) {
    expect([accept, (await platform.get('/apps/items/nothing', { headers: { accept } })).headers['content-type']]).toEqual([accept, 'application/problem+json'])
  }
})

test('[H20] an error page that cannot be rendered is replaced by a plain one', async () => {
  await using platform = await startFront({ ports: { renderError: () => { throw new Error('no style') } } })
  const { status, text } = await platform.get('/nothing', { headers: { accept: 'text/html' } })
  expect([status, text]).toEqual([404, expect.stringContaining('<h1>Page introuvable</h1>')])
})

test('[H21] an address of another method is 405 and names them; one that is not there is 404; HEAD is GET without its body', async () => {
  await using platform = await start()
  const wrong = await platform.get(`${ITEMS}/1`, { method: 'DELETE' })
  expect([wrong.status, wrong.json['code'], wrong.headers.allow]).toEqual([405, 'METHOD_NOT_ALLOWED', 'GET, HEAD'])
  expect((await platform.get('/apps/items/new', { method: 'PUT' })).headers.allow).toBe('GET, HEAD, POST')
  expect((await platform.get('/apps/items/nothing', { method: 'DELETE' })).status).toBe(404)
  expect((await platform.get('/apps/nobody/')).status).toBe(404)
  const [head, get] = [await platform.get(`${ITEMS}/1`, { method: 'HEAD' }), await platform.get(`${ITEMS}/1`)]
  expect([head.status, head.text, head.headers['content-length'], head.headers['content-type']]).toEqual([200, '', get.headers['content-length'], get.headers['content-type']])
})

test('[H22] two endpoints at one address are refused when the release is mounted, both named', async () => {
  const clash = (path: string) => definePlugin()({
    id: 'fr.example.clash', version: '1.0.0', path: 'clash', sdk: '*', license: 'MIT', title: { fr: 'x' }, publisher: { name: 'x', contact: 'x' }, scopes: [], privacy: { stores: [] }, messages: { fr: { t: 't' }, en: { t: 't' } },
    setup(k) {
      k.page({ path: '/a/:id', audience: 'public', title: 't' }, () => <p />)
      k.form({ path, audience: 'public', schema: Type.Object({}) }, (c) => c.redirect('/'))
    },
  })
  await using platform = await startFront()
  await expect(platform.mount(loaded(clash('/a/:name')))).rejects.toMatchObject({ code: 'PLUGIN_PATH_TAKEN', message: expect.stringMatching(/page GET \/a\/:id.*form GET\/POST \/a\/:name/) as unknown })
  await expect(platform.mount(loaded(clash('/a/new')))).resolves.toBeDefined()
})

test('[H22] an endpoint that cannot be registered fails the mount by name', async () => {
  const broken = definePlugin()({
    id: 'fr.example.broken', version: '1.0.0', path: 'broken', sdk: '*', license: 'MIT', title: { fr: 'x' }, publisher: { name: 'x', contact: 'x' }, scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} },
    setup(k) { k.route({ method: 'GET', path: '/:a:(', audience: 'public', summary: 'x', response: { 200: Type.String() } }, (c) => c.reply(200, '')) },
  })
  await using platform = await startFront()
  await expect(platform.mount(loaded(broken))).rejects.toMatchObject({ code: 'PLUGIN_LOAD_FAILED', message: expect.stringContaining('fr.example.broken') as unknown })
})
