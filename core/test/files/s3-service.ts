import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll } from 'vitest'
import type { S3Address } from '../../src/storage/files/s3/s3-address.ts'
import { S3Blobs } from '../../src/storage/files/s3/s3-blobs.ts'
import { S3Requests } from '../../src/storage/files/s3/s3-requests.ts'
import type { PlaceUnderTest } from './certify-files.ts'
import { refusal, S3Objects, type S3Answer, type S3Request } from './s3-objects.ts'
import { signatureProblem } from './s3-signature.ts'

/** `http://key:secret@host:port/bucket?region=…`: a service and a bucket to use instead of the one that the tests bring along. */
const ELSEWHERE = process.env['LIBERACCES_TEST_S3_URL'] ?? ''
const KEYS = { accessKeyId: 'CLEF-DU-POOL', secretAccessKey: 'un/secret+qui=ne-se-lit-nulle-part' }
const BUCKET = 'fichiers'

/** What goes wrong with one request. */
export type S3Fault =
  /** The connection ends before the service has seen the request, or once it has done it, before the answer. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string }
  /** The answer's body breaks off after so many bytes. */
  | { readonly kind: 'cut'; readonly after: number }
  /** The answer says so many bytes more than there are. */
  | { readonly kind: 'overstate'; readonly by: number }
  /** Bytes are others than were sent, of the same length: those of the request, or those of the answer. */
  | { readonly kind: 'garble'; readonly what: 'request' | 'answer' }
  /** Nothing is answered, or nothing more after so many bytes. */
  | { readonly kind: 'hang'; readonly after?: number }
  | { readonly kind: 'answer'; readonly answer: S3Answer }

/** A service that the tests bring along: none of the packages that are to be had holds signatures, parts, pages and ranges as a real one does. */
class S3Service {
  /** Asked for each request; may keep count. */
  fault: (request: S3Request) => S3Fault | undefined = () => undefined
  /** All requests since it was last emptied, as `METHOD /path?query`. */
  readonly seen: string[] = []
  readonly objects = new S3Objects(BUCKET)
  #server: Server | undefined
  #port = 0

  async start(): Promise<number> {
    this.#server = createServer((request, response) => { void this.#handle(request, response).catch(() => { response.destroy() }) })
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    return this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Ends connections and takes no more until it is started again, on the same port. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request
    const sent = await buffer(request)
    this.seen.push(`${method} ${url}`)
    const fault = this.fault({ method, url, headers, body: sent })
    if (fault?.kind === 'reset' && fault.when === 'before') return void request.socket.destroy()
    if (fault?.kind === 'hang' && fault.after === undefined) return
    const problem = signatureProblem(method, url, headers, KEYS)
    const answer = fault?.kind === 'refuse' ? refusal(fault.status, fault.code)
      : fault?.kind === 'answer' ? fault.answer
      : problem !== undefined ? refusal(403, problem)
      : this.objects.answer({ method, url, headers, body: fault?.kind === 'garble' && fault.what === 'request' ? garbled(sent) : sent })
    if (fault?.kind === 'reset') return void request.socket.destroy()
    send(response, method, answer, fault)
  }
}

function send(response: ServerResponse, method: string, { status, headers = {}, body = '' }: S3Answer, fault: S3Fault | undefined): void {
  const plain = Buffer.from(body)
  const content = fault?.kind === 'garble' && fault.what === 'answer' ? garbled(plain) : plain
  response.writeHead(status, { ...headers, 'content-length': String(content.length + (fault?.kind === 'overstate' ? fault.by : 0)) })
  if (method === 'HEAD') response.end()
  else if (fault?.kind === 'cut') response.write(content.subarray(0, fault.after), () => response.destroy())
  else if (fault?.kind === 'overstate') response.write(content, () => response.destroy())
  else if (fault?.kind === 'hang') response.write(content.subarray(0, fault.after))
  else response.end(content)
}

function garbled(content: Buffer): Buffer {
  return Buffer.from(content.map((byte) => byte ^ 1))
}

let prefixes = 0

/** A bucket for the tests of a file, each in a prefix of its own: in a service that they bring along, or in that of `LIBERACCES_TEST_S3_URL`. */
export function useBucket(): { readonly address: () => S3Address } {
  const service = ELSEWHERE === '' ? useS3Service() : undefined
  return service ?? { address: () => ({ ...addressOf(ELSEWHERE), prefix: nextPrefix() }) }
}

/** The service that the tests bring along, for what goes wrong. */
export function useS3Service(): { readonly service: S3Service; readonly address: () => S3Address } {
  const service = new S3Service()
  let port = 0
  beforeAll(async () => { port = await service.start() })
  afterAll(() => service.stop())
  return { service, address: () => ({ bucket: BUCKET, endpoint: `http://127.0.0.1:${port}`, region: 'fr-par', ...KEYS, prefix: nextPrefix() }) }
}

/** A place of its own in a bucket. */
export function s3Place(address: S3Address): PlaceUnderTest {
  const requests = new S3Requests(address)
  const below = async (): Promise<readonly string[]> => {
    const found: string[] = []
    for await (const { key } of requests.below('')) found.push(key)
    return found.sort()
  }
  return {
    open: (newId) => S3Blobs.open({ address, newId }),
    paths: async () => (await below()).filter((path) => !path.startsWith('.')),
    ownPaths: async () => (await below()).filter((path) => path.startsWith('.')),
    write: (path, bytes) => requests.put(path, bytes),
    remove: (path) => requests.remove(path),
  }
}

function nextPrefix(): string {
  return `essai-${process.pid}-${Date.now()}-${prefixes += 1}/`
}

function addressOf(url: string): Omit<S3Address, 'prefix'> {
  const { protocol, host, username, password, pathname, searchParams } = new URL(url)
  return { bucket: pathname.slice(1), endpoint: `${protocol}//${host}`, region: searchParams.get('region') ?? 'us-east-1', accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) }
}
