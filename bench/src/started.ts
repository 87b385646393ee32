import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** A server that was started to see how long that takes. */
export interface Started {
  /** From the spawn until `/readyz` answered 200, in milliseconds. */
  readonly ms: number
  /** Processor time it took until then, in milliseconds: the same on a busy machine. Linux alone can tell. */
  readonly cpuMs: number
  /** Resident memory now, in megabytes. Linux alone can tell. */
  memory(): number
  /** What of it is the process's own. The rest is files, above all Node's program: how much of that counts depends on who ran it before. */
  ownMemory(): number
  stop(): Promise<void>
}

/** Longest wait for a start, in milliseconds: the first one of a demonstration fills it. */
const LONGEST_MS = 300_000

/**
 * Starts a server and waits until it is ready.
 * @param args - of Node; the environment gets `PORT` and `LIBERACCES_DATA`
 * @throws Error with what it wrote when it ends before
 */
export async function started(args: readonly string[], dataFolder: string): Promise<Started> {
  const port = await freePort()
  const { NODE_OPTIONS: _options, npm_lifecycle_event: _script, ...env } = process.env
  const start = performance.now()
  const child = spawn(process.execPath, args, { env: { ...env, PORT: String(port), LIBERACCES_DATA: dataFolder, LIBERACCES_LOG: 'warn' }, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(-4_000) })
  while (!(await isReady(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`It ended before it was ready: node ${args.join(' ')}\n${said}`)
    if (performance.now() - start > LONGEST_MS) {
      child.kill('SIGKILL')
      throw new Error(`It was not ready within ${LONGEST_MS / 1000} s: node ${args.join(' ')}\n${said}`)
    }
    await wait(5)
  }
  const ms = performance.now() - start
  return { ms, cpuMs: processorTimeOf(child), memory: () => memoryOf(child, 'VmRSS'), ownMemory: () => memoryOf(child, 'RssAnon'), stop: () => stop(child) }
}

function isReady(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  get({ host: '127.0.0.1', port, path: '/readyz', agent: false }, (response) => {
    response.resume()
    resolve(response.statusCode === 200)
  }).on('error', () => { resolve(false) })
  return promise
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** In steps of 10 ms, as the kernel counts. */
function processorTimeOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid ?? 0}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function memoryOf({ pid }: ChildProcess, field: 'VmRSS' | 'RssAnon'): number {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024 / 1_000_000
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => { child.kill('SIGKILL') }, 15_000)
  await ended
  clearTimeout(timer)
}
