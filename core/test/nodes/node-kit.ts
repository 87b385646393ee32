import { onTestFinished } from 'vitest'
import { v7 } from 'uuid'
import { machineRandom } from '../../src/machine-random.ts'
import { Life, type LifeTimes } from '../../src/nodes/life.ts'
import { NodeConnection } from '../../src/nodes/node-connection.ts'
import { parseDatabaseUrl } from '../../src/storage/postgres/database-address.ts'

/** Quicker than real ones, so that tests need not wait; slow enough for a busy machine. */
export const TIMES: LifeTimes = { beatMs: 200, goneMs: 800, silentMs: 2_500, sureMs: 600 }

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
