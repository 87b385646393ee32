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
    const p99 = { meanwhile: [] as number[], without: [] as number[], again: [] as number[] }
    const quiet = (into: number[]) => async (): Promise<void> => { into.push((await load(target, WINDOW_MS)).p99) }
    const meanwhile = async (): Promise<void> => {
      // The communes are there before: what is measured is the switching on.
      await servers.ours.ask('newCommunes', { count })
      const [took, during] = await Promise.all([servers.ours.ask<number[]>('enable', { pauseMs: PAUSE_MS }), load(target, WINDOW_MS)])
      p99.meanwhile.push(during.p99)
      times.ours.push(percentile(took, 0.95))
    }
    const windows = [quiet(p99.without), meanwhile, quiet(p99.again)]
    for (let round = 0; round < rounds; round += 1) {
      // Short windows, many of them, and who goes first changes: what disturbs the machine disturbs all.
      for (let turn = 0; turn < windows.length; turn += 1) await windows[(round + turn) % windows.length]?.()
      times.bare.push(percentile(await servers.ours.ask<number[]>('enableBare', { count }), 0.95))
    }
    return [
      { what: 'p95 under load; bare: a file with the same table, no load', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 50 }, ...times },
      { what: "p99 of another tenant's reads meanwhile; bare: without", unit: 'ms', better: 'lower', goal: { of: 'ratio', limit: 1.1 }, ours: p99.meanwhile, bare: p99.without },
      { what: 'the noise: the worse of two windows without; bare: the better', unit: 'ms', better: 'lower', ours: p99.without.map((value, round) => Math.max(value, p99.again[round] ?? value)), bare: p99.without.map((value, round) => Math.min(value, p99.again[round] ?? value)) },
    ]
  },
}
