import type { Measure } from '../measure.ts'
import { startServers } from '../servers.ts'

const SIDES = ['writeOurs', 'writeBare'] as const
/** Turns that each side has within a round. */
const TURNS = 10

/** A row and its event in one durable transaction, one after the other, in the process of the platform. */
export const writeEvent: Measure = {
  name: 'write-event',
  about: 'a row and its event in one transaction through the SDK, beside the two rows in better-sqlite3 (synchronous=FULL)',
  async run(workshop) {
    const { ours } = await startServers(workshop)
    workshop.note('writing')
    const results = { writeOurs: [] as number[], writeBare: [] as number[] }
    for (const side of SIDES) await ours.ask(side, { ms: workshop.roundMs / 2 })
    for (let round = 0; round < workshop.rounds; round += 1) {
      const reached = { writeOurs: 0, writeBare: 0 }
      // By short turns: a disk that others write to is twice as fast from one second to the next.
      for (let turn = 0; turn < TURNS; turn += 1) {
        for (const side of turn % 2 === 0 ? SIDES : SIDES.toReversed()) reached[side] += await ours.ask<number>(side, { ms: workshop.roundMs / TURNS })
      }
      for (const side of SIDES) results[side].push(reached[side] / TURNS)
    }
    return [{ what: 'row + event, durable', unit: 'transactions/s', better: 'higher', goal: { of: 'ratio', limit: 0.7 }, ours: results.writeOurs, bare: results.writeBare }]
  },
}
