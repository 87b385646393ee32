import type { Measure } from '../measure.ts'
import { percentile, type Figure } from '../row.ts'
import type { Program } from '../program.ts'
import { startPostgres } from '../postgres-server.ts'
import type { Workshop } from '../workshop.ts'

/** An event on its way, from the transaction that wrote it to the handler that hears of it. */
export const deliver: Measure = {
  name: 'deliver',
  about: 'an event written and delivered, beside the same two rows in better-sqlite3 in two transactions (synchronous=FULL), and beside the queue\'s own jobs on PostgreSQL',
  async run(workshop) {
    return [...await onSqlite(workshop), ...await onPostgres(workshop)]
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

/** Those who write at a time on PostgreSQL, for us each in a store of its own. */
const WRITERS = 4

async function onPostgres(workshop: Workshop): Promise<readonly Figure[]> {
  const server = await startPostgres(workshop)
  const ours = await workshop.program('deliver-server', { databaseUrl: await server.database() })
  const queue = await workshop.program('queue-server', { databaseUrl: await server.database() })
  workshop.note('delivering on PostgreSQL')
  // First, while nobody has written: nobody carries these stores yet, so a job has to come first.
  const atRest = await ours.ask<number[]>('latency', { count: 4, pauseMs: 200, firstWriter: WRITERS, writers: 4 })
  const rate = { ours: [] as number[], bare: [] as number[] }
  await ours.ask('deliverOurs', { ms: workshop.roundMs / 2, writers: WRITERS })
  await queue.ask('jobs', { ms: workshop.roundMs / 2, writers: WRITERS })
  for (let round = 0; round < workshop.rounds; round += 1) {
    rate.ours.push(await ours.ask('deliverOurs', { ms: workshop.roundMs, writers: WRITERS }))
    rate.bare.push(await queue.ask('jobs', { ms: workshop.roundMs, writers: WRITERS }))
  }
  return [
    { what: 'publish + deliver, PostgreSQL, beside a job of graphile-worker', unit: 'events/s', better: 'higher', goal: { of: 'ratio', limit: 0.5 }, ...rate },
    { what: 'commit to handler when idle, p99, PostgreSQL', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 50 }, ours: await latencies(workshop, ours) },
    { what: 'commit to handler, first event of a store at rest, the slowest of four, PostgreSQL', unit: 'ms', better: 'lower', ours: [Math.max(...atRest)] },
  ]
}

/** Rest before each event, in milliseconds: longer than the relay leaves a store alone that is written to steadily. */
const REST_MS = 100

/** 99th percentile of each round: one event at a time, after a rest. */
async function latencies(workshop: Workshop, program: Program): Promise<readonly number[]> {
  const rounds: number[] = []
  for (let round = 0; round < 3; round += 1) rounds.push(percentile(await program.ask<number[]>('latency', { count: workshop.quick ? 20 : 60, pauseMs: REST_MS }), 0.99))
  return rounds
}
