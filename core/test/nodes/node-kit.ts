import { createServer, connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { v7 } from 'uuid'
import { machineRandom } from '../../src/machine-random.ts'
import { Life, type LifeTimes } from '../../src/nodes/life.ts'
import { NodeConnection } from '../../src/nodes/node-connection.ts'
import { parseDatabaseUrl } from '../../src/storage/postgres/database-address.ts'

/** Quicker than real ones, so that tests need not wait; slow enough for a busy machine. */
export const TIMES: LifeTimes = { beatMs: 200, goneMs: 800, silentMs: 2_500, sureMs: 600 }

/** A way to a database that can be cut: what is sent is swallowed, and nobody is told; or closed. */
export interface CuttableWay {
  readonly url: string
  /** Swallows everything from now on, in both directions. */
  cut(): void
  /** Lets everything through again; what was swallowed is lost, so its connections are closed. */
  mend(): void
  /** Closes all connections; new ones are let through. */
  closeAll(): void
}

export async function cuttableWay(url: string): Promise<CuttableWay> {
  const to = new URL(url)
  const pairs = new Set<readonly [Socket, Socket]>()
  let isCut = false
  const server = createServer((near) => {
    const far = connect(Number(to.port || 5432), to.hostname)
    const pair = [near, far] as const
    pairs.add(pair)
    const end = (): void => {
      near.destroy()
      far.destroy()
      pairs.delete(pair)
    }
    near.on('data', (chunk) => { if (!isCut) far.write(chunk) })
    far.on('data', (chunk) => { if (!isCut) near.write(chunk) })
    for (const socket of pair) socket.on('error', end).on('close', () => { if (!isCut) end() })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const closeAll = (): void => {
    for (const [near, far] of pairs) {
      near.destroy()
      far.destroy()
    }
    pairs.clear()
  }
  onTestFinished(() => {
    closeAll()
    server.close()
  })
  const { port } = server.address() as { readonly port: number }
  const way = new URL(url)
  way.hostname = '127.0.0.1'
  way.port = String(port)
  return {
    url: way.href,
    cut: () => { isCut = true },
    mend: () => {
      isCut = false
      closeAll()
    },
    closeAll,
  }
}

/** A node that only lives, and what it was told. */
export interface TestLife {
  readonly life: Life
  readonly told: string[]
  readonly buried: string[]
  readonly log: string[]
}

export async function liveOn(url: string, { marks = {}, clock = Date.now, times = TIMES }: { readonly marks?: Readonly<Record<string, string>>; readonly clock?: () => number; readonly times?: LifeTimes } = {}): Promise<TestLife> {
  const told: string[] = []
  const buried: string[] = []
  const log: string[] = []
  const life = await Life.begin({
    id: v7(), version: '0.0.0', marks, clock, random: machineRandom(), times,
    log: { info: (_detail, message) => { log.push(message) }, warn: (_detail, message) => { log.push(message) } },
    connect: (name, events) => NodeConnection.open(parseDatabaseUrl(url), name, events, 1_000),
    heard: (payload) => { told.push(payload) },
    connected: (isAgain) => { told.push(isAgain ? 'connected again' : 'connected') },
    lost: () => { told.push('lost') },
    buried: (ids) => { buried.push(...ids) },
  })
  onTestFinished(() => life.end())
  return { life, told, buried, log }
}
