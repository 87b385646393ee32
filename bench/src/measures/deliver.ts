import type { Measure } from '../measure.ts'
import { percentile, type Figure } from '../row.ts'
import type { Program } from '../program.ts'
import type { Workshop } from '../workshop.ts'

/** An event on its way, from the transaction that wrote it to the handler that hears of it. */
export const deliver: Measure = {
  name: 'deliver',
  about: 'an event written and delivered, beside the same two rows in two transactions in better-sqlite3 (synchronous=FULL)',
  async run(workshop) {
    return await onSqlite(workshop)
  },
}

async function onSqlite(workshop: Workshop): Promise<readonly Figure[]> {
  const program = await workshop.program('deliver-server')
  workshop.note('delivering on SQLite')
  const rate = { ours: [] as number[], bare: [] as number[] }
  await program.ask('deliverOurs', { ms: workshop.roundMs / 2, writers: 1 })
  await program.ask('deliverBare', { ms: workshop.roundMs / 2 })
  for (let round = 0; round < workshop.rounds; round += 1) {
    rate.ours.push(await program.ask('deliverOurs', { ms: workshop.roundMs, writers: 1 }))
    rate.bare.push(await program.ask('deliverBare', { ms: workshop.roundMs }))
  }
  return [
    { what: 'publish + deliver, SQLite', unit: 'events/s', better: 'higher', goal: { of: 'ratio', limit: 0.4 }, ...rate },
    { what: 'commit to handler when idle, p99, SQLite', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 50 }, ours: await latencies(workshop, program) },
  ]
}

/** 99th percentile of each round: one event at a time, after a rest. */
async function latencies(workshop: Workshop, program: Program): Promise<readonly number[]> {
  const rounds: number[] = []
  for (let round = 0; round < 3; round += 1) rounds.push(percentile(await program.ask<number[]>('latency', { count: workshop.quick ? 20 : 100, pauseMs: 20 }), 0.99))
  return rounds
}
