import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { itemsPlugin, newCalls } from './fixture-plugin.tsx'
import { loaded, NOW, person, startFront, type Asked, type TestFront } from './test-front.tsx'

const WRITER = person('ada', 'cookie', 'fr.example.items/item.write', 'fr.example.items/item.read')
const FORM = 'application/x-www-form-urlencoded'
const AS = { as: 'ada' } as const

async function start(calls = newCalls(), now?: () => number) {
  return startFront({
    people: [WRITER, person('eve', 'cookie', 'fr.example.items/item.write')], releases: [loaded(itemsPlugin(calls))],
    ...(now === undefined ? {} : { ports: { outside: { now, randomBytes: (length) => new Uint8Array(length).fill(1), fetch } } }),
  })
}

function multipart(parts: readonly (readonly [name: string, value: string | { readonly name: string; readonly type: string; readonly bytes: Buffer }])[]): readonly [Buffer, string] {
  const chunks = parts.flatMap(([name, value]) => (typeof value === 'string'
    ? [Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)]
    : [Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"; filename="${value.name}"\r\nContent-Type: ${value.type}\r\n\r\n`), value.bytes, Buffer.from('\r\n')]))
  return [Buffer.concat([...chunks, Buffer.from('--b--\r\n')]), 'multipart/form-data; boundary=b']
}
const picture = (size = 100, type = 'image/png', name = 'vue.png') => ({ name, type, bytes: Buffer.alloc(size, 1) })

async function postParts(platform: TestFront, parts: Parameters<typeof multipart>[0], asked: Asked = AS) {
  const [body, type] = multipart(parts)
  return platform.post('/apps/items/new', body, type, asked)
}

test('[H23] a page is rendered into the shell with its title in the reader’s language', async () => {
  await using platform = await start()
  const { status, headers, text } = await platform.get('/apps/items/?lang=en')
  expect([status, headers['content-type'], text]).toEqual([200, 'text/html; charset=utf-8', '<!doctype html><title>Home</title><main><p>Bonjour </p></main>'])
  expect((await platform.get('/apps/items')).text).toContain('<title>Accueil</title>')
  expect(platform.pages[0]).toMatchObject({ audience: 'public', path: '/apps/items/', notice: undefined })
})

test('[H23] a component that throws is the plugin’s failure, like its handler', async () => {
  await using platform = await start()
  const { status, json } = await platform.get('/apps/items/broken')
  expect([status, json['code']]).toEqual([500, 'PLUGIN_CALL_FAILED'])
})

test('[H24] a form shows what it starts with, and is 404 where there is nothing to show', async () => {
  const calls = newCalls()
  calls.initial = { title: 'Marché', day: '2026-05-02' }
  await using platform = await start(calls)
  const { status, text } = await platform.get('/apps/items/new', AS)
  expect(status).toBe(200)
  expect(text).toMatch(/name="_csrf" value="csrf-ada"[\s\S]*name="title"[^>]*value="Marché"/)
  calls.initial = undefined
  expect((await platform.get('/apps/items/new', AS)).status).toBe(404)
})

test('[H24] a form that is wrong comes back as 422 with what was typed and what is wrong', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  const wrong = await platform.post('/apps/items/new', '_csrf=csrf-ada&title=ab&day=demain&text=gard%C3%A9', FORM, AS)
  expect(wrong.status).toBe(422)
  for (const kept of ['value="ab"', 'gardé', 'demain']) expect(wrong.text).toContain(kept)
  expect(wrong.text).toContain('doit compter au moins 3 caractères')
  expect(calls.inputs).toEqual([])
  const refused = await platform.post('/apps/items/new', '_csrf=csrf-ada&title=taken&day=2026-05-02', FORM, AS)
  expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('Ce titre est déjà pris.')])
  expect(refused.text).toContain('value="taken"')
})

test('[R45] a form whose schema names the field of the token is not handed it, urlencoded or in parts', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  expect((await platform.post('/apps/items/sly', '_csrf=csrf-ada&title=a&_csrf=csrf-ada', FORM, AS)).status).toBe(303)
  const [body, type] = multipart([['_csrf', 'csrf-ada'], ['title', 'b']])
  expect((await platform.post('/apps/items/sly', body, type, AS)).status).toBe(303)
  expect(calls.inputs).toEqual([{ title: 'a' }, { title: 'b' }])
})

test('[H25] a form that went through redirects, and its notice is shown once, to that person only', async () => {
  const calls = newCalls()
  let now = NOW
  await using platform = await start(calls, () => now)
  const done = await platform.post('/apps/items/new', '_csrf=csrf-ada&title=March%C3%A9&day=2026-05-02', FORM, AS)
  expect([done.status, done.headers.location, calls.inputs]).toEqual([303, '/apps/items/', [{ title: 'Marché', day: '2026-05-02' }]])
  const [cookie = ''] = done.headers['set-cookie'] ?? []
  expect(cookie).toMatch(/^notice=[\w.-]+; Max-Age=60; Path=\/; HttpOnly; SameSite=Lax$/)
  const value = cookie.split(';')[0] ?? ''
  const show = async (who: string, notice = value, host = 'la-rochelle.localhost') => platform.get('/apps/items/', { host, headers: { cookie: `session=${who}; ${notice}` } })
  const shown = await show('ada')
  expect(shown.text).toContain('<p class="notice">La fiche est enregistrée.</p>')
  expect(shown.headers['set-cookie']).toEqual([expect.stringMatching(/^notice=; Max-Age=0/)])
  for (const other of [await show('eve'), await show('ada', value, 'aytre.localhost'), await show('ada', `${value.slice(0, -2)}xx`), await show('ada', 'notice=W10.x'), await show('ada', 'notice=')]) {
    expect([other.status, other.text.includes('notice')]).toEqual([200, false])
  }
  now += 61_000
  expect((await show('ada')).text).not.toContain('notice')
})

test('[H14] a form or action without the token of our own page does nothing', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  for (const token of ['', '_csrf=&', '_csrf=csrf-eve&', '_csrf=x&_csrf=csrf-ada&']) {
    expect([token, (await platform.post('/apps/items/new', `${token}title=March%C3%A9&day=2026-05-02`, FORM, AS)).status]).toEqual([token, 403])
    expect((await platform.post('/apps/items/items/1/remove', token, FORM, AS)).status).toBe(403)
  }
  expect(calls.inputs).toEqual([])
})

test('[H12] a form or action without a login leads to it', async () => {
  await using platform = await start()
  const form = await platform.post('/apps/items/new', 'title=x', FORM)
  expect([form.status, form.headers.location]).toEqual([303, '/auth/login?next=%2Fapps%2Fitems%2Fnew'])
  const from = async (referer: string) => (await platform.post('/apps/items/items/1/remove', '', FORM, { headers: { referer } })).headers.location
  expect(await from('http://la-rochelle.localhost/apps/items/?page=2')).toBe('/auth/login?next=%2Fapps%2Fitems%2F%3Fpage%3D2')
  expect(await from('http://evil.example/apps/items/')).toBe('/auth/login?next=%2F')
})

test('[H26] an action does its deed and goes on; what it refuses is told by a 422', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  const done = await platform.post('/apps/items/items/7/remove', '_csrf=csrf-ada', FORM, AS)
  expect([done.status, done.headers.location, calls.inputs]).toEqual([303, '/apps/items/', [{ id: '7' }]])
  const used = await platform.post('/apps/items/items/used/remove', '_csrf=csrf-ada', FORM, AS)
  expect([used.status, used.json['detail']]).toEqual([422, 'Cette fiche sert encore.'])
  expect((await platform.get('/apps/items/items/7/remove', AS)).headers.allow).toBe('POST')
})

test('[H27] an upload is stored while it arrives and reaches the handler as a reference', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  const { status } = await postParts(platform, [['_csrf', 'csrf-ada'], ['title', 'Marché'], ['day', '2026-05-02'], ['picture', picture(100, 'image/png', String.raw`C:\photos\vue.png`)]])
  expect(status).toBe(303)
  expect(calls.inputs).toEqual([{ title: 'Marché', day: '2026-05-02', picture: { id: 'file-1', name: 'vue.png', type: 'image/png', size: 100, sha256: expect.any(String) as unknown } }])
  expect([...platform.files.kept.keys()]).toEqual(['file-1'])
})

test('[H27] no file chosen is no file, and a file under an undeclared name is not stored', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  const { status } = await postParts(platform, [['_csrf', 'csrf-ada'], ['title', 'Marché'], ['day', '2026-05-02'], ['other', picture()], ['picture', { name: '', type: 'application/octet-stream', bytes: Buffer.alloc(0) }]])
  expect([status, calls.inputs, platform.files.kept.size]).toEqual([303, [{ title: 'Marché', day: '2026-05-02' }], 0])
})

test('[H28] nothing stays stored of a form that did not go through', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  const good = [['_csrf', 'csrf-ada'], ['title', 'Marché'], ['day', '2026-05-02']] as const
  const cases: readonly (readonly [Parameters<typeof multipart>[0], number])[] = [
    [[['_csrf', 'csrf-ada'], ['title', 'x'], ['day', '2026-05-02'], ['picture', picture()]], 422],
    [[['_csrf', 'csrf-ada'], ['title', 'taken'], ['day', '2026-05-02'], ['picture', picture()]], 422],
    [[['_csrf', 'csrf-ada'], ['title', 'throws'], ['day', '2026-05-02'], ['picture', picture()]], 500],
    [[...good, ['picture', picture(2_000)]], 422],
    [[...good, ['picture', picture(100, 'text/html')]], 422],
    [[['title', 'Marché'], ['picture', picture()], ['_csrf', 'csrf-ada']], 403],
    [[['picture', picture()], ['__proto__', 'x'], ...good], 403],
  ]
  for (const [parts, status] of cases) {
    expect((await postParts(platform, parts)).status).toBe(status)
    expect(platform.files.kept.size).toBe(0)
  }
  const large = await postParts(platform, [...good, ['picture', picture(200_000)]])
  expect([large.status, large.text]).toEqual([422, expect.stringMatching(/Ce fichier dépasse[\s\S]*value="Marché"/)])
})

test('[H28] a multipart body that is broken or ends early is refused, and nothing of it stays', async () => {
  await using platform = await start()
  const whole = multipart([['_csrf', 'csrf-ada'], ['title', 'Marché'], ['picture', picture(900)]])[0]
  for (const body of [whole.subarray(0, whole.length - 400), Buffer.from('garbage'), Buffer.from('--b\r\nnothing')]) {
    const { status } = await platform.post('/apps/items/new', body, 'multipart/form-data; boundary=b', AS)
    expect([400, 403]).toContain(status)
  }
  expect((await platform.post('/apps/items/new', 'x', 'multipart/form-data', AS)).status).toBe(400)
  for (const type of ['application/json', 'text/plain']) expect((await platform.post('/apps/items/new', '{}', type, AS)).status).toBe(415)
  // A client that goes away in the middle of its file.
  const { begun } = platform.files
  const socket = connect(platform.port, '127.0.0.1')
  socket.write(`POST /apps/items/new HTTP/1.1\r\nHost: la-rochelle.localhost\r\nCookie: session=ada\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${whole.length}\r\n\r\n`)
  socket.write(whole.subarray(0, 600))
  await expect.poll(() => platform.files.begun).toBe(begun + 1)
  socket.destroy()
  await expect.poll(() => platform.log.some(({ complete, path }) => complete === false && path === '/apps/items/new')).toBe(true)
  await expect.poll(() => platform.files.kept.size).toBe(0)
})

test('[H29] only the kernel names files: a reference made up by the browser is nothing', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  const [mine, foreign] = ['mine', 'foreign'].map((name) => platform.files.add('la-rochelle/fr.example.items', name, 'image/png', Buffer.from(name)))
  calls.initial = { title: 'Marché', day: '2026-05-02', picture: mine }
  const send = async (fields: Readonly<Record<string, string>>) => {
    calls.inputs.length = 0
    const { status } = await platform.post('/apps/items/new', new URLSearchParams({ _csrf: 'csrf-ada', title: 'Marché', day: '2026-05-02', ...fields }).toString(), FORM, AS)
    return [status, (calls.inputs[0] as { picture?: unknown } | undefined)?.picture]
  }
  expect(await send({ 'picture.current': JSON.stringify(mine) })).toEqual([303, mine])
  expect(await send({ 'picture.current': JSON.stringify({ ...mine, name: 'other name', size: 0 }) })).toEqual([303, mine])
  for (const forged of [{ picture: JSON.stringify(foreign) }, { 'picture.current': JSON.stringify(foreign) }, { 'picture.current': 'null' }, { 'picture.current': '{' }, { 'picture.current': '{}' }]) {
    expect(await send(forged)).toEqual([303, undefined])
  }
  expect(await send({ 'picture.current': JSON.stringify(mine), 'picture.remove': 'true' })).toEqual([303, undefined])
})

test('[H25] the texts of a form, however they are cut up, cannot fill the memory', async () => {
  const calls = newCalls()
  await using platform = await start(calls)
  const parts = Array.from({ length: 9 }, (_, index) => [`t${index}`, 'x'.repeat(1_000_000)] as const)
  const { status, json } = await postParts(platform, [['_csrf', 'csrf-ada'], ['title', 'Marché'], ['day', '2026-05-02'], ...parts])
  expect([status, json['code'], calls.inputs]).toEqual([413, 'BODY_TOO_LARGE', []])
})

test('[H25] a notice that nobody of ours signed is no reason to fail', async () => {
  await using platform = await start()
  const forged = `notice=${encodeURIComponent(`e30.${'é'.repeat(43)}`)}`
  const { status } = await platform.get('/apps/items/', { headers: { cookie: forged } })
  expect([status, platform.pages[0]?.notice]).toEqual([200, undefined])
})
