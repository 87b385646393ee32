import { setTimeout as wait } from 'node:timers/promises'
import { bareParts, demonstration, type Startable } from '../demonstration.ts'
import type { Measure } from '../measure.ts'
import { started } from '../started.ts'

/** How long after a start it is looked at, in milliseconds. */
const LATER_MS = 5_000

/** Resident memory of a server that has started and that nobody has asked anything. */
export const idleMemory: Measure = {
  name: 'idle-memory',
  about: 'resident memory of the demonstration 5 s after its second start, beside fastify + kysely + better-sqlite3',
  async run(workshop) {
    const [demo, bare] = [await demonstration(workshop), await bareParts(workshop)]
    workshop.note('waiting for idle processes')
    const rounds = workshop.quick ? 1 : 3
    const sizes = { ours: [] as number[], bare: [] as number[] }
    const own = { ours: [] as number[], bare: [] as number[] }
    for (let round = 0; round < rounds; round += 1) {
      for (const [side, server] of [['ours', demo], ['bare', bare]] as const) {
        const memory = await memoryOf(server)
        sizes[side].push(memory.all)
        own[side].push(memory.own)
      }
    }
    return [
      { what: 'demonstration, 5 s after its start', unit: 'MB', better: 'lower', goal: { of: 'ours', limit: 150 }, ...sizes },
      { what: 'of that, without Node\'s program and other files', unit: 'MB', better: 'lower', ...own },
    ]
  },
}

async function memoryOf({ args, data }: Startable): Promise<{ readonly all: number; readonly own: number }> {
  const server = await started(args, data)
  try {
    await wait(LATER_MS)
    return { all: server.memory(), own: server.ownMemory() }
  } finally {
    await server.stop()
  }
}
