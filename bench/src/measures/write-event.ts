import type { Measure } from '../measure.ts'
import { startServers } from '../servers.ts'

/** A row and its event in one durable transaction, one after the other, in the process of the platform. */
export const writeEvent: Measure = {
  name: 'write-event',
  about: 'a row and its event in one transaction through the SDK, beside the two rows in better-sqlite3 (synchronous=FULL)',
  async run(workshop) {
    const { ours } = await startServers(workshop)
    workshop.note('writing')
    const results = { writeOurs: [] as number[], writeBare: [] as number[] }
    for (const side of ['writeOurs', 'writeBare'] as const) await ours.ask(side, { ms: workshop.roundMs / 2 })
    for (let round = 0; round < workshop.rounds; round += 1) {
      for (const side of ['writeOurs', 'writeBare'] as const) results[side].push(await ours.ask<number>(side, { ms: workshop.roundMs }))
    }
    return [{ what: 'row + event, durable', unit: 'transactions/s', better: 'higher', goal: { of: 'ratio', limit: 0.7 }, ours: results.writeOurs, bare: results.writeBare }]
  },
}
