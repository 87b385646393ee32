import { execFile } from 'node:child_process'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect, promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readEgressPolicy } from '../../src/egress/egress-policy.ts'
import { fetchAs } from '../../src/egress/fetch-as.ts'
import { pinnedFetch, type PinnedFetch } from '../../src/egress/pinned-fetch.ts'
import { isPublicAddress } from '../../src/egress/private-address.ts'
import type { LoadedRelease } from '../../src/runtime/release.ts'

const PUBLIC = '93.184.215.14'

function asker(scopes: readonly string[], accepted: readonly string[] = []) {
  const optionalScopes = Object.fromEntries(accepted.map((scope) => [scope, { fr: 'Sans.' }]))
  return { release: { manifest: { id: 'fr.example.caller', scopes, optionalScopes } } as unknown as LoadedRelease, accepted: new Set(accepted) }
}

function rig(answers: PinnedFetch = async () => new Response('ok'), { allow = '', names = {} }: { readonly allow?: string; readonly names?: Readonly<Record<string, readonly string[]>> } = {}) {
  const seen: { readonly url: string; readonly addresses: readonly string[]; readonly headers: Readonly<Record<string, string>>; readonly method: string }[] = []
  const asked: string[] = []
  const refused: string[] = []
  return {
    seen, asked, refused,
    deps: {
      policy: readEgressPolicy(allow),
      refused: (host: string, address: string) => { refused.push(`${host} ${address}`) },
      lookup: async (_plugin: string, host: string) => {
        asked.push(host)
        return names[host] ?? [PUBLIC]
      },
      fetch: (async (url, init, addresses) => {
        seen.push({ url: url.href, addresses, headers: Object.fromEntries(new Headers(init.headers)), method: init.method ?? 'GET' })
        return answers(url, init, addresses)
      }) as PinnedFetch,
    },
  }
}

/** A server of the test's own on loopback. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('addresses', () => {
  test.each([
    '127.0.0.1', '127.255.255.254', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '192.0.0.8', '198.18.0.1', '224.0.0.1',
    '255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::7f00:1', '64:ff9b::7f00:1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12::1', 'ff02::1', '2001:db8::1', '2002:7f00:1::', '2001::1',
    'localhost', '', '0x7f.1', '2130706433',
  ])('[B1] %s is no address of the public internet', (address) => { expect(isPublicAddress(address)).toBe(false) })

  test.each(['93.184.215.14', '172.32.0.1', '9.255.255.255', '2a01:e0a::1', '2606:4700::1111'])('[B1] %s is one', (address) => { expect(isPublicAddress(address)).toBe(true) })

  test('[B1] an IPv4 address written as an IPv6 one is never public, whichever it is', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => !isPublicAddress(`::ffff:${address}`) && !isPublicAddress(`64:ff9b::${address}`)))
  })
})

describe('requests', () => {
  test('[B2] a host that the plugin did not declare, or not as HTTPS, is refused before it is looked up', async () => {
    const { deps, asked } = rig()
    await expect(fetchAs(deps, asker(['net:api.example.fr']), 'https://other.example.fr/', {})).rejects.toMatchObject({ code: 'SCOPE_MISSING' })
    await expect(fetchAs(deps, asker(['net:api.example.fr']), 'ftp://api.example.fr/', {})).rejects.toMatchObject({ code: 'SCOPE_MISSING' })
    await expect(fetchAs(deps, asker(['net:*']), 'https://user:secret@api.example.fr/', {})).rejects.toMatchObject({ code: 'SCOPE_MISSING' })
    await expect(fetchAs(deps, asker([]), 'https://api.example.fr/', {})).rejects.toMatchObject({ code: 'SCOPE_MISSING' })
    expect(asked).toEqual([])
    await expect(fetchAs(deps, asker(['net:*']), 'http://api.example.fr/', {})).rejects.toMatchObject({ code: 'EGRESS_REFUSED' })
  })

  test('[B2] a refused optional scope is refused, a granted one is not, and `net:*` opens every public host', async () => {
    const { deps } = rig()
    const refused = { ...asker([], ['net:*']), accepted: new Set<string>() }
    await expect(fetchAs(deps, refused, 'https://api.example.fr/', {})).rejects.toMatchObject({ code: 'SCOPE_REFUSED' })
    await expect(fetchAs(deps, asker([], ['net:*']), 'https://api.example.fr/', {})).resolves.toMatchObject({ status: 200 })
  })

  test.each(['127.0.0.1', '169.254.169.254', '10.1.2.3', '::1', '::ffff:127.0.0.1', 'fe80::1'])('[B3] a name that leads to %s is refused, also when it leads to a public address too', async (address) => {
    const { deps, seen } = rig(undefined, { names: { 'trap.example.fr': [PUBLIC, address] } })
    await expect(fetchAs(deps, asker(['net:*']), 'https://trap.example.fr/', {})).rejects.toMatchObject({ code: 'EGRESS_REFUSED' })
    expect(seen).toEqual([])
  })

  test('[R130] a plugin is not told where a name leads that it may not reach; the operator is', async () => {
    const { deps, refused } = rig(undefined, { names: { 'intranet.example.fr': ['10.20.30.40'] } })
    const error = await fetchAs(deps, asker(['net:*']), 'https://intranet.example.fr/', {}).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'EGRESS_REFUSED' })
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('10.20.30.40')
    expect(refused).toEqual(['intranet.example.fr 10.20.30.40'])
  })

  test.each(['https://127.0.0.1/', 'https://[::1]/', 'https://[::ffff:7f00:1]/', 'https://2130706433/', 'https://0x7f.1/', 'https://0/', 'https://169.254.169.254/'])('[B3] %s is refused however it is written', async (url) => {
    const { deps, seen } = rig()
    await expect(fetchAs(deps, asker(['net:*']), url, {})).rejects.toMatchObject({ code: 'EGRESS_REFUSED' })
    expect(seen).toEqual([])
  })

  test('[B3] the connection goes to the addresses that were looked at: the name is asked once', async () => {
    const { deps, seen, asked } = rig(undefined, { names: { 'api.example.fr': [PUBLIC, '2a01:e0a::1'] } })
    await fetchAs(deps, asker(['net:*']), 'https://api.example.fr/x', {})
    expect(asked).toEqual(['api.example.fr'])
    expect(seen.map(({ addresses }) => addresses)).toEqual([[PUBLIC, '2a01:e0a::1']])
  })

  test('[B4] each redirect is held against scopes and addresses; what says who asks stays with its host', async () => {
    const to = (location: string, status = 302) => async (url: URL) => (url.pathname === '/' ? new Response(null, { status, headers: { location } }) : new Response('there'))
    const ask = async (location: string, scopes: readonly string[], status?: number) => {
      const made = rig(to(location, status), { names: { 'inside.example.fr': ['10.0.0.1'] } })
      return { made, answer: await fetchAs(made.deps, asker(scopes), 'https://a.example.fr/', { method: 'POST', body: 'x', headers: { authorization: 'Bearer secret', 'content-type': 'text/plain' } }).catch((error: unknown) => error) }
    }
    expect((await ask('https://b.example.fr/x', ['net:a.example.fr'])).answer).toMatchObject({ code: 'SCOPE_MISSING' })
    expect((await ask('https://inside.example.fr/x', ['net:*'])).answer).toMatchObject({ code: 'EGRESS_REFUSED' })
    expect((await ask('http://127.0.0.1/x', ['net:*'])).answer).toMatchObject({ code: 'EGRESS_REFUSED' })
    for (const location of ['file:///etc/passwd', 'data:text/plain,x', 'ftp://b.example.fr/', 'gopher://b.example.fr/', 'javascript:1']) expect((await ask(location, ['net:*'])).answer, location).toMatchObject({ code: 'SCOPE_MISSING' })
    expect((await ask('http://b.example.fr/', ['net:*'])).answer).toMatchObject({ code: 'EGRESS_REFUSED' })
    expect((await ask('https://user:secret@b.example.fr/', ['net:*'])).answer).toMatchObject({ code: 'SCOPE_MISSING' })
    expect((await ask('/', ['net:*'])).answer).toMatchObject({ code: 'EGRESS_FAILED' })
    const { made, answer } = await ask('https://b.example.fr/x', ['net:*'])
    expect(answer).toMatchObject({ status: 200 })
    expect(made.seen.map(({ method, headers }) => [method, headers['authorization'], headers['content-type']])).toEqual([['POST', 'Bearer secret', 'text/plain'], ['GET', undefined, undefined]])
    expect((await ask('https://b.example.fr/x', ['net:*'], 307)).made.seen.map(({ method }) => method)).toEqual(['POST', 'POST'])
  })

  test('[B4] a redirect is handed back, or refused, where the plugin wants it so', async () => {
    const { deps, seen } = rig(async () => new Response(null, { status: 302, headers: { location: 'http://127.0.0.1/' } }))
    await expect(fetchAs(deps, asker(['net:*']), 'https://a.example.fr/', { redirect: 'manual' })).resolves.toMatchObject({ status: 302 })
    await expect(fetchAs(deps, asker(['net:*']), 'https://a.example.fr/', { redirect: 'error' })).rejects.toMatchObject({ code: 'EGRESS_FAILED' })
    expect(seen).toHaveLength(2)
  })

  test('[B5] what the operator names may be private and plain, on its port alone', async () => {
    const { deps } = rig(undefined, { allow: 'bus.interne.fr:8080, 10.2.0.0/16, [fd00::5]:443', names: { 'bus.interne.fr': ['192.168.0.9'], 'ten.example.fr': ['10.2.3.4'], 'other.example.fr': ['10.3.0.1'] } })
    const status = (url: string) => fetchAs(deps, asker(['net:*']), url, {}).then((answer) => answer.status, (error: { code: string }) => error.code)
    expect(await status('http://bus.interne.fr:8080/')).toBe(200)
    expect(await status('http://bus.interne.fr/')).toBe('EGRESS_REFUSED')
    expect(await status('http://ten.example.fr/')).toBe(200)
    expect(await status('https://other.example.fr/')).toBe('EGRESS_REFUSED')
    expect(await status('https://[fd00::5]/')).toBe(200)
    expect(await status('https://[fd00::6]/')).toBe('EGRESS_REFUSED')
  })

  test('[R131] what the operator opens for one plugin is open to no other', async () => {
    const own = rig(undefined, { allow: 'fr.example.caller=bus.interne.fr, fr.example.other=10.0.0.0/8:443', names: { 'bus.interne.fr': ['192.168.0.9'], 'ten.example.fr': ['10.2.3.4'] } })
    const status = (id: string, url: string) => fetchAs(own.deps, { ...asker(['net:*']), release: { manifest: { id, scopes: ['net:*'] } } as unknown as LoadedRelease }, url, {}).then((answer) => answer.status, (error: { code: string }) => error.code)
    expect(await status('fr.example.caller', 'http://bus.interne.fr/')).toBe(200)
    expect(await status('fr.example.other', 'http://bus.interne.fr/')).toBe('EGRESS_REFUSED')
    expect(await status('fr.example.other', 'https://ten.example.fr/')).toBe(200)
    expect(await status('fr.example.caller', 'https://ten.example.fr/')).toBe('EGRESS_REFUSED')
    expect(await status('fr.example.caller2', 'https://bus.interne.fr/')).toBe('EGRESS_REFUSED')
  })

  test('[R132] what belongs to the connection is not the plugin\'s to say: no other host of the same server, no request within a request', async () => {
    const { deps, seen } = rig()
    await fetchAs(deps, asker(['net:a.example.fr']), 'https://a.example.fr/', {
      method: 'POST', body: 'x', headers: { 'host': 'b.example.fr', 'transfer-encoding': 'chunked', 'content-length': '900', 'connection': 'upgrade', 'upgrade': 'h2c', 'te': 'x', 'proxy-authorization': 'Basic x', 'x-own': '1', 'expect': '100-continue' },
    })
    expect(seen.map(({ headers }) => headers)).toEqual([{ 'content-type': 'text/plain;charset=UTF-8', 'x-own': '1' }])
  })

  test('[R132] content that is too large, or does not come, is not sent', async () => {
    const { deps, seen } = rig()
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => { controller.enqueue(new Uint8Array(1_048_576)) } })
    await expect(fetchAs(deps, asker(['net:*']), 'https://a.example.fr/', { method: 'POST', body: endless })).rejects.toMatchObject({ code: 'EGRESS_FAILED', message: expect.stringContaining('larger') as string })
    const silent = new ReadableStream<Uint8Array>()
    await expect(fetchAs(deps, asker(['net:*']), 'https://a.example.fr/', { method: 'POST', body: silent, signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ code: 'EGRESS_FAILED', message: expect.stringContaining('in time') as string })
    expect(seen).toEqual([])
  })

  test.each(['=x.fr', 'fr.x y=x.fr', 'caller=x.fr', 'fr.example.caller=', 'http://x.fr', 'x.fr:0', 'x.fr:99999', '10.0.0.0/33', 'a b', '-x.fr'])('[B5] "%s" is no host, address or range, and stops the start', (text) => {
    expect(() => readEgressPolicy(text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('LIBERACCES_EGRESS_ALLOW') as string }) as Error)
  })
})

describe('over real connections', () => {
  const real = { policy: readEgressPolicy('127.0.0.1,somewhere.example.fr'), lookup: async () => ['127.0.0.1'], refused: () => undefined, fetch: pinnedFetch }
  const ask = (url: string, init: RequestInit = {}) => fetchAs(real, asker(['net:*']), url, init)

  test('[B3] a name is connected to at the address that was looked at, with its own Host header', async () => {
    const base = await serve((request, response) => { response.end(`${request.method} ${request.headers.host}`) })
    const answer = await ask(`http://somewhere.example.fr:${new URL(base).port}/x`, { method: 'POST', body: 'hello' })
    expect(await answer.text()).toBe(`POST somewhere.example.fr:${new URL(base).port}`)
  })

  test('[R132] an answer comes as it was sent: what is packed a thousandfold fills no memory of ours', async () => {
    const packed = gzipSync(Buffer.alloc(8_388_608))
    const base = await serve((_request, response) => { response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed) })
    expect((await ask(base).then((answer) => answer.arrayBuffer())).byteLength).toBe(packed.byteLength)
  })

  test('[R132] a proxy that the environment names is not asked', async () => {
    const seen: string[] = []
    const proxy = await serve((request, response) => {
      seen.push(String(request.url))
      response.end('proxy')
    })
    const base = await serve((_request, response) => { response.end('straight') })
    const program = `const { pinnedFetch } = await import(${JSON.stringify(new URL('../../src/egress/pinned-fetch.ts', import.meta.url).href)})
      const answer = await pinnedFetch(new URL(${JSON.stringify(base)}), {}, ['127.0.0.1'])
      process.stdout.write(await answer.text())`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { env: { ...process.env, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, http_proxy: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy } })
    expect({ stdout, seen }).toEqual({ stdout: 'straight', seen: [] })
  })

  test('[B6] who hangs, lies about the length or sends without end costs an error of its own, in time', async () => {
    const hangs = await serve(() => undefined)
    await expect(ask(hangs, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ code: 'EGRESS_FAILED', message: expect.stringContaining('in time') as string })
    const lies = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('short')
      response.socket?.end()
    })
    await expect(ask(lies).then((answer) => answer.text())).rejects.toThrow(/terminated|aborted|closed/i)
    const endless = await serve((_request, response) => {
      const more = (): void => { while (response.write(Buffer.alloc(1_048_576))) { /* until the pipe is full */ } }
      response.on('drain', more)
      more()
    })
    await expect(ask(endless).then((answer) => answer.arrayBuffer())).rejects.toMatchObject({ code: 'EGRESS_FAILED', message: expect.stringContaining('larger') as string })
    const drips = await serve((_request, response) => {
      response.writeHead(200)
      const timer = setInterval(() => { response.write('.') }, 10)
      response.on('close', () => { clearInterval(timer) })
    })
    await expect(ask(drips, { signal: AbortSignal.timeout(100) }).then((answer) => answer.text())).rejects.toThrow(/abort|time/i)
    await expect(ask('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'EGRESS_FAILED', message: expect.stringContaining('ECONNREFUSED') as string })
  })
})
