import { NOTES } from '../fixtures/note-plugin.ts'
import { load } from '../load.ts'
import type { Measure } from '../measure.ts'
import { percentile } from '../row.ts'
import { asAgent, startServers } from '../servers.ts'

/** Between two, in milliseconds: administrators of many communes on one morning. */
const PAUSE_MS = 100

/** A plugin switched on for one commune while the agents of another work. */
export const enable: Measure = {
  name: 'enable',
  about: 'switching a plugin on for one tenant, and what the reads of another tenant notice of it',
  async run(workshop) {
    const servers = await startServers(workshop)
    const target = asAgent(servers, servers.notes, `/apps/notes/note-${NOTES / 2}`, 'token')
    const count = Math.floor(workshop.roundMs / (PAUSE_MS + 20))
    await load(target, workshop.roundMs)
    workshop.note('switching on')
    const times = { ours: [] as number[], bare: [] as number[] }
    const latency = { ours: [] as number[], bare: [] as number[] }
    for (let round = 0; round < workshop.rounds; round += 1) {
      latency.bare.push((await load(target, workshop.roundMs)).p99)
      const [took, during] = await Promise.all([servers.ours.ask<number[]>('enable', { count, pauseMs: PAUSE_MS }), load(target, workshop.roundMs)])
      latency.ours.push(during.p99)
      times.ours.push(percentile(took, 0.95))
      times.bare.push(percentile(await servers.ours.ask<number[]>('enableBare', { count }), 0.95))
    }
    return [
      { what: 'p95 under load; bare: a file with the same table, no load', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 50 }, ...times },
      // A tenth over is the noise of a p99.
      { what: "p99 of another tenant's reads meanwhile; bare: without", unit: 'ms', better: 'lower', goal: { of: 'ratio', limit: 1.1 }, ...latency },
    ]
  },
}
