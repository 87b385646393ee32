import { connect, type Socket } from 'node:net'
import { percentile } from './row.ts'

/** Requests to send, over and over. */
export interface Target {
  readonly port: number
  readonly path: string
  /** Besides `host`, which is needed: a tenant is found by it. */
  readonly headers: Readonly<Record<string, string>>
}

/** What came back. */
export interface LoadResult {
  readonly requests: number
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

/** Longest wait for an answer, in milliseconds. */
const LONGEST_MS = 30_000

/** Connections in use at a time, each with one request under way. */
const CONNECTIONS = 32

/**
 * Sends requests for a while, on connections that are kept, and times each. Written for this because every generator at hand takes as
 * much of the second core as the server takes of the first; this one takes a third of it.
 * @param target - where several are given, on one port, each request goes to one of them by chance
 * @throws Error when an answer is not 200 (a fast refusal is no good figure), does not come, or the connection is closed before it is complete
 */
export async function load(target: Target | readonly Target[], ms: number, connections = CONNECTIONS): Promise<LoadResult> {
  const targets = 'port' in target ? [target] : target
  const { port = 0 } = targets[0] ?? {}
  const requests = targets.map(requestOf)
  const next = (): Buffer => requests[requests.length === 1 ? 0 : Math.floor(Math.random() * requests.length)] ?? Buffer.alloc(0)
  const times: number[] = []
  const start = performance.now()
  const until = start + ms
  await Promise.all(Array.from({ length: connections }, () => keepAsking(port, next, until, times)))
  const seconds = (performance.now() - start) / 1000
  return { requests: times.length, perSecond: times.length / seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

function requestOf({ path, headers }: Target): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
}

/** One connection: a request, its answer, the next request, until the time is over. */
function keepAsking(port: number, next: () => Buffer, until: number, times: number[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let sentAt = 0
  /** Bytes of the answer's body that are still to come; `undefined` before its head. */
  let missing: number | undefined
  let head = ''
  const ask = (): void => {
    missing = undefined
    head = ''
    sentAt = performance.now()
    socket.write(next())
  }
  socket.on('connect', ask)
  socket.on('data', (chunk: Buffer) => {
    if (missing === undefined) {
      head += chunk.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end === -1) return
      const length = /\r\ncontent-length: (\d+)/i.exec(head.slice(0, end))?.[1]
      if (!head.startsWith('HTTP/1.1 200') || length === undefined) {
        socket.destroy()
        reject(new Error(`The server answered something that was not to be measured:\n${head.slice(0, 1_000)}`))
        return
      }
      missing = Number(length) - (head.length - end - 4)
    } else {
      missing -= chunk.length
    }
    if (missing > 0) return
    const now = performance.now()
    times.push(now - sentAt)
    if (now < until) ask()
    else socket.end(resolve)
  })
  // Harmless after its end.
  socket.on('close', () => { reject(new Error('The server closed the connection before it had answered.')) })
  socket.setTimeout(LONGEST_MS, () => { socket.destroy(new Error(`No answer came within ${LONGEST_MS / 1_000} s.`)) })
  socket.on('error', reject)
  return promise
}
