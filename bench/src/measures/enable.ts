import { NOTES } from '../fixtures/note-plugin.ts'
import { load } from '../load.ts'
import type { Measure } from '../measure.ts'
import { percentile } from '../row.ts'
import { asAgent, startServers } from '../servers.ts'

/** Between two, in milliseconds: administrators of many communes on one morning. */
const PAUSE_MS = 100
/** Length of one window of load, in milliseconds. */
const WINDOW_MS = 1_200

/** A plugin switched on for one commune while the agents of another work. */
export const enable: Measure = {
  name: 'enable',
  about: 'switching a plugin on for one tenant, and what the reads of another tenant notice of it',
  async run(workshop) {
    const servers = await startServers(workshop)
    const target = asAgent(servers, servers.notes, `/apps/notes/note-${NOTES / 2}`, 'token')
    const count = Math.floor(WINDOW_MS / (PAUSE_MS + 20))
    const rounds = workshop.quick ? workshop.rounds : 31
    await load(target, workshop.roundMs)
    workshop.note('switching on')
    const times = { ours: [] as number[], bare: [] as number[] }
    const latency = { ours: [] as number[], bare: [] as number[] }
    const without = async (): Promise<void> => { latency.bare.push((await load(target, WINDOW_MS)).p99) }
    const meanwhile = async (): Promise<void> => {
      const [took, during] = await Promise.all([servers.ours.ask<number[]>('enable', { count, pauseMs: PAUSE_MS }), load(target, WINDOW_MS)])
      latency.ours.push(during.p99)
      times.ours.push(percentile(took, 0.95))
    }
    for (let round = 0; round < rounds; round += 1) {
      // Short windows, many of them, and who goes first changes: what disturbs the machine disturbs both.
      for (const window of round % 2 === 0 ? [without, meanwhile] : [meanwhile, without]) await window()
      times.bare.push(percentile(await servers.ours.ask<number[]>('enableBare', { count }), 0.95))
    }
    return [
      { what: 'p95 under load; bare: a file with the same table, no load', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 50 }, ...times },
      // A tenth over is the noise of a p99.
      { what: "p99 of another tenant's reads meanwhile; bare: without", unit: 'ms', better: 'lower', goal: { of: 'ratio', limit: 1.1 }, ...latency },
    ]
  },
}
