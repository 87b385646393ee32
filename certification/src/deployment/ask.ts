import { request as plain, type IncomingHttpHeaders } from 'node:http'
import { request as secure } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** What an address answered. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Of the connection, where it was by TLS. */
  readonly tls?: { readonly protocol: string; /** ISO 8601. */ readonly validTo: string }
}

const LIMIT_MS = 10_000
const MOST_BYTES = 4_194_304

/** Names below `localhost` are this machine, whatever its resolver knows. */
const lookup: LookupFunction = (_host, options, callback) => {
  if (typeof options === 'object' && options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

/** Whether an address is of this machine, by its name. */
export function isThisMachine({ hostname }: URL): boolean {
  return isLocalhost(hostname) || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost')
}

/**
 * Sends one GET request, and follows nothing. Within 10 seconds and 4 MB.
 * @throws Error when there is no answer
 */
export async function ask(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const send = url.protocol === 'https:' ? secure : plain
  const request = send(url, { headers: { 'user-agent': 'liberacces-certify', ...headers }, agent: false, signal: AbortSignal.timeout(LIMIT_MS), ...(isLocalhost(url.hostname) ? { lookup } : {}) }, (response) => {
    const socket = response.socket as Partial<TLSSocket>
    const tls = socket.getProtocol === undefined ? undefined : { protocol: socket.getProtocol() ?? 'none', validTo: new Date(socket.getPeerCertificate?.().valid_to ?? 0).toISOString() }
    const parts: Buffer[] = []
    let length = 0
    response.on('data', (part: Buffer) => {
      length += part.length
      if (length > MOST_BYTES) request.destroy(new Error(`${url.href} answered with more than ${MOST_BYTES} bytes.`))
      else parts.push(part)
    })
    response.on('end', () => { resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString(), ...(tls === undefined ? {} : { tls }) }) })
    response.on('error', reject)
  })
  request.on('error', reject)
  request.end()
  return promise
}
