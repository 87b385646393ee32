import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresDatabase, shareDisk, startCuttableWay, type CuttableWay } from '@liberacces/core'
import { onTestFinished } from 'vitest'
import type { NodeOrder, NodeReply, NodeWish } from './node-messages.ts'

/** Quicker than real ones, so that a test sees many deaths; slow enough for a busy machine. */
const TIMES: NodeWish['times'] = { beatMs: 300, goneMs: 1_000, silentMs: 2_500, sureMs: 900 }

/** A time in which a node answers for nothing: it was killed, or cut off from the database. */
export interface Incident {
  readonly from: number
  /** Until it was seen to be ready again; open while it is not. */
  until: number
}

/** A node as a process of its own. */
export interface ClusterNode {
  readonly index: number
  readonly port: number
  readonly incidents: Incident[]
  tell(order: NodeOrder): Promise<unknown>
  /** Asks it alone, past the proxy. */
  get(tenant: number, path: string): Promise<{ readonly status: number; readonly body: string }>
  kill(): Promise<void>
  /** Resolves when it has died of itself. */
  crashed(): Promise<void>
  /** Asks it to stop in order, and waits for its end. @returns its exit code */
  stop(): Promise<number | null>
  cut(): void
  mend(): void
}

/** How a request through the proxy went. */
export interface Passed {
  readonly status: number
  readonly body: string
  /** Of the node that answered, or failed to. */
  readonly node: number
  readonly startedAt: number
  readonly endedAt: number
}

/** Several nodes on one database, behind a proxy that shares requests out in turn. */
export interface Cluster {
  readonly nodes: (ClusterNode | undefined)[]
  start(index: number, more?: { readonly skewMs?: number }): Promise<ClusterNode>
  /** Sends a request to the next node that says it is ready. What fails before it was sent goes to the next one. */
  send(method: 'GET' | 'POST', tenant: number, path: string, body?: object): Promise<Passed>
  /** Whether a failure was to be expected: its node was dead or cut off in between. */
  isExcused(passed: Passed): boolean
  ready(count: number): Promise<void>
}

/** @param count - most nodes */
export async function startCluster({ stopDelaySeconds = 1 }: { readonly stopDelaySeconds?: number } = {}): Promise<Cluster> {
  const database = await postgresDatabase({ empty: true })
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-nodes-'))
  const secretFile = join(folder, 'secret.txt')
  writeFileSync(secretFile, randomBytes(32).toString('hex'), { mode: 0o600 })
  const children = new Set<ChildProcess>()
  const ways = new Set<CuttableWay>()
  const nodes: (ClusterNode | undefined)[] = []
  const isReady = new Map<number, boolean>()
  const incidents: Incident[][] = []
  // One connection a request: which node it was is never in doubt.
  const agent = new Agent({ keepAlive: false })

  const ask = (port: number, method: string, path: string, host: string, body?: object): Promise<{ readonly status: number; readonly body: string }> => new Promise((resolve, reject) => {
    const content = body === undefined ? undefined : JSON.stringify(body)
    const outgoing = request({ agent, port, host: '127.0.0.1', method, path, headers: { host, ...(content === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(content)) }) } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('end', () => { resolve({ status: response.statusCode ?? 0, body: text }) }).on('error', reject)
    })
    outgoing.setTimeout(30_000, () => { outgoing.destroy(new Error('no answer within 30 s')) })
    outgoing.on('error', reject).end(content)
  })

  const watching = setInterval(() => {
    for (const node of nodes) {
      if (node === undefined) continue
      ask(node.port, 'GET', '/readyz', 'localhost').then(({ status }) => status === 200, () => false).then((ready) => {
        isReady.set(node.index, ready)
        const [last] = (incidents[node.index] ?? []).slice(-1)
        if (ready && last !== undefined && last.until === -Infinity) last.until = performance.now()
      }, () => undefined)
    }
  }, 100)
  onTestFinished(async () => {
    clearInterval(watching)
    for (const child of children) child.kill('SIGKILL')
    await Promise.all([...children].map(async (child) => { if (child.exitCode === null && child.signalCode === null) await once(child, 'exit') }))
    await Promise.all([...ways].map((way) => way.close()))
    agent.destroy()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  })

  let turn = 0
  const cluster: Cluster = {
    nodes,
    async start(index, { skewMs = 0 } = {}) {
      const { hostname, port: databasePort } = new URL(database.url)
      const way = await startCuttableWay({ host: hostname, port: Number(databasePort || 5432) })
      ways.add(way)
      shareDisk(join(folder, `node-${index}`), join(folder, 'files'))
      const wish: NodeWish = { data: join(folder, `node-${index}`), url: way.by(database.url), secretFile, stopDelaySeconds, times: TIMES, skewMs }
      const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'node-process.ts'), JSON.stringify(wish)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      children.add(child)
      const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
      const waiting = new Map<number, { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void }>()
      const port = Promise.withResolvers<unknown>()
      waiting.set(0, port)
      child.on('message', ({ id, result, error }: NodeReply) => {
        const asked = waiting.get(id)
        waiting.delete(id)
        if (error === undefined) asked?.resolve(result)
        else asked?.reject(new Error(error))
      })
      void exit.then(() => {
        children.delete(child)
        for (const { reject } of waiting.values()) reject(new Error('The node ended.'))
      })
      const own = incidents[index] ??= []
      let orders = 0
      const ended = (): void => {
        isReady.set(index, false)
        nodes[index] = undefined
      }
      const served = Number(await port.promise)
      const node: ClusterNode = {
        index, port: served, incidents: own,
        get: (tenant, path) => ask(served, 'GET', path, `commune-${tenant}.localhost`),
        tell(order) {
          const id = orders += 1
          const { promise, resolve, reject } = Promise.withResolvers<unknown>()
          waiting.set(id, { resolve, reject })
          child.send({ ...order, id }, (error) => { if (error !== null) reject(error) })
          return promise
        },
        async kill() {
          own.push({ from: performance.now(), until: Infinity })
          child.kill('SIGKILL')
          await exit
          const last = own.at(-1)
          if (last !== undefined) last.until = performance.now()
          ended()
        },
        async crashed() {
          own.push({ from: performance.now(), until: Infinity })
          await exit
          const last = own.at(-1)
          if (last !== undefined) last.until = performance.now()
          ended()
        },
        async stop() {
          child.kill('SIGTERM')
          const [code] = await exit
          ended()
          return code
        },
        cut() {
          own.push({ from: performance.now(), until: Infinity })
          way.silence()
        },
        mend() {
          way.mend()
          const last = own.at(-1)
          // From when it is seen to be ready again.
          if (last !== undefined) last.until = -Infinity
        },
      }
      nodes[index] = node
      return node
    },
    async send(method, tenant, path, body) {
      const startedAt = performance.now()
      for (let tries = 0; ; tries += 1) {
        const ready = nodes.filter((node) => node !== undefined && isReady.get(node.index) === true) as readonly ClusterNode[]
        const node = ready[(turn += 1) % Math.max(1, ready.length)]
        if (node === undefined) {
          if (performance.now() - startedAt > 30_000) return { status: 0, body: 'no node is ready', node: -1, startedAt, endedAt: performance.now() }
          await new Promise((resolve) => { setTimeout(resolve, 50) })
          continue
        }
        const sentAt = performance.now()
        try {
          const answer = await ask(node.port, method, path, `commune-${tenant}.localhost`, body)
          return { ...answer, node: node.index, startedAt: sentAt, endedAt: performance.now() }
        } catch (error) {
          // Nobody was there to take it: nothing was sent.
          if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED' && tries < 50) {
            isReady.set(node.index, false)
            continue
          }
          return { status: 0, body: String(error), node: node.index, startedAt: sentAt, endedAt: performance.now() }
        }
      }
    },
    isExcused: ({ node, startedAt, endedAt }) => (incidents[node] ?? []).some(({ from, until }) => from <= endedAt && (until === -Infinity || startedAt <= until)),
    async ready(count) {
      const until = performance.now() + 60_000
      while ([...isReady.values()].filter(Boolean).length < count) {
        if (performance.now() > until) throw new Error(`Not ${count} nodes were ready within a minute.`)
        await new Promise((resolve) => { setTimeout(resolve, 50) })
      }
    },
  }
  return cluster
}

