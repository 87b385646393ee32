import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'

/** Statuses whose answers have no body (Fetch, "null body status"). */
const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 103, 204, 205, 304])

/** A request to the outside over connections to these addresses alone. What it is told is checked before. */
export type PinnedFetch = (url: URL, init: RequestInit, addresses: readonly string[]) => Promise<Response>

/**
 * `fetch` over connections that are made to given addresses, whatever the name leads to by then, and whatever proxy the environment names: agents of
 * one's own look for none. It follows no redirect, decodes no content coding and keeps no cookie. Connections are not kept: the next request is
 * looked at anew.
 */
export const pinnedFetch: PinnedFetch = async (url, init, addresses) => {
  // The standard's own request: it checks method and headers, and makes one stream of any kind of body.
  const request = new Request(url, { ...init, redirect: 'manual', ...(init.body instanceof ReadableStream ? { duplex: 'half' } : {}) })
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
  const headers = Object.fromEntries(request.headers)
  const secure = url.protocol === 'https:'
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const sent = (secure ? httpsRequest : httpRequest)({
    host, port: url.port === '' ? (secure ? 443 : 80) : Number(url.port), path: url.pathname + url.search, method: request.method,
    headers: { 'accept': '*/*', 'accept-encoding': 'identity', ...headers, ...(body === undefined ? {} : { 'content-length': String(body.byteLength) }) },
    lookup: lookupOf(addresses), signal: request.signal, maxHeaderSize: 32_768,
    agent: secure ? new HttpsAgent({ keepAlive: false, autoSelectFamily: true }) : new HttpAgent({ keepAlive: false, autoSelectFamily: true }),
    ...(secure && isIP(host) === 0 ? { servername: host } : {}),
  }, resolve)
  sent.on('error', reject)
  sent.end(body)
  const message = await promise
  const status = message.statusCode ?? 0
  if (status < 200 || status > 599) {
    message.destroy()
    throw new TypeError(`The answer has the status ${status}.`)
  }
  const answered = new Headers()
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) answered.append(message.rawHeaders[index] ?? '', message.rawHeaders[index + 1] ?? '')
  if (WITHOUT_BODY.has(status) || request.method === 'HEAD') {
    message.resume()
    return new Response(null, { status, headers: answered })
  }
  return new Response(Readable.toWeb(message) as unknown as ReadableStream<Uint8Array>, { status, headers: answered })
}

/** Answers every question with the addresses that were checked. */
export function lookupOf(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_host, options, done) => {
    const wanted = options.family === 4 || options.family === 6 ? found.filter(({ family }) => family === options.family) : found
    const [first] = wanted
    if (first === undefined) done(Object.assign(new Error('No address of that family.'), { code: 'ENOTFOUND' }), '', 0)
    else if (options.all === true) done(null, wanted)
    else done(null, first.address, first.family)
  }
}
