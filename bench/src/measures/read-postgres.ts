import { get } from 'node:http'
import { NOTES } from '../fixtures/note-plugin.ts'
import type { Measure } from '../measure.ts'
import type { Program } from '../program.ts'
import { startPostgres } from '../postgres-server.ts'
import { compare } from '../rounds.ts'
import { percentile, type Figure } from '../row.ts'
import type { Workshop } from '../workshop.ts'

const TENANTS = 1_000
const PLUGINS = 5
/** Connections that the platform opens by itself at most. */
const CONNECTIONS = 24

interface Target { readonly host: string; readonly token: string }

/** A read by id on PostgreSQL, and a thousand communes on one. */
export const readPostgres: Measure = {
  name: 'read-postgres',
  about: 'the read of read-inline on PostgreSQL, beside fastify + Kysely + pg; 1,000 communes with five plugins each on one server',
  async run(workshop) {
    return [...await reads(workshop), ...await many(workshop)]
  },
}

async function reads(workshop: Workshop): Promise<readonly Figure[]> {
  workshop.note('starting PostgreSQL and the servers')
  const server = await startPostgres(workshop)
  const [ours, bare] = await Promise.all([workshop.program('postgres-server'), workshop.program('postgres-reference')])
  const { port } = await ours.ask<{ readonly port: number }>('open', { url: await server.database() })
  const { host, token } = await ours.ask<Target>('notes')
  const there = await bare.ask<{ readonly port: number; readonly token: string }>('open', { url: await server.database() })
  const id = `note-${NOTES / 2}`
  workshop.note('reading from PostgreSQL')
  const came = await compare(workshop,
    { program: ours, target: { port, path: `/apps/notes/${id}`, headers: { host: `${host}:${port}`, authorization: `Bearer ${token}` } } },
    { program: bare, target: { port: there.port, path: `/notes/${id}`, headers: { host: 'localhost', authorization: `Bearer ${there.token}` } } })
  await Promise.all([ours.ask('close'), bare.stop()])
  return [
    { what: 'read by id on PostgreSQL', unit: 'requests/s', better: 'higher', goal: { of: 'ratio', limit: 0.7 }, ours: came.ours.map((round) => round.perSecond), bare: came.bare.map((round) => round.perSecond) },
    { what: 'the same, CPU of the server', unit: 'µs/request', better: 'lower', ours: came.ours.map((round) => round.cpu), bare: came.bare.map((round) => round.cpu) },
  ]
}

async function many(workshop: Workshop): Promise<readonly Figure[]> {
  const tenants = workshop.quick ? 100 : TENANTS
  const data = workshop.folder('postgres-many')
  const url = await (await startPostgres(workshop)).database()
  workshop.note(`making ${tenants} communes`)
  const maker = await workshop.program('postgres-server', { data })
  const { port } = await maker.ask<{ readonly port: number }>('open', { url })
  await maker.ask('notes')
  const targets = await maker.ask<readonly Target[]>('many', { count: tenants })
  // What a store's first request takes that has to make it, and what one takes whose store is there, after a start.
  workshop.note('first requests')
  const making = await firstRequests(maker, port, targets)
  const used = await maker.ask<number>('connections')
  await maker.stop()
  const starts: number[] = []
  let cold: readonly number[] = []
  for (let round = 0; round < 3; round += 1) {
    const program = await workshop.program('postgres-server', { data })
    const opened = await program.ask<{ readonly port: number; readonly ms: number }>('open', { url })
    starts.push(opened.ms / 1_000)
    if (round === 0) cold = await firstRequests(program, opened.port, targets)
    await program.stop()
  }
  return [
    { what: `start with ${tenants} communes and ${tenants * PLUGINS} installations`, unit: 's', better: 'lower', goal: { of: 'ours', limit: 5 }, ours: starts },
    { what: 'first request of a store after a start, p95', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 150 }, ours: [percentile([...cold], 0.95)] },
    { what: 'first request of a store ever, which makes it, p95', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 150 }, ours: [percentile([...making], 0.95)] },
    { what: `connections of plugins, of at most ${CONNECTIONS} in all`, unit: 'connections', better: 'lower', goal: { of: 'ours', limit: CONNECTIONS }, ours: [used] },
  ]
}

/** One after the other, to one plugin of each, so that none waits for another. Resolves to milliseconds each. */
async function firstRequests(program: Program, port: number, targets: readonly Target[]): Promise<readonly number[]> {
  const times: number[] = []
  for (const [index, { host, token }] of targets.entries()) {
    const start = performance.now()
    await new Promise<void>((resolve, reject) => {
      get({ port, path: `/apps/bench-${1 + (index % PLUGINS)}/requests`, headers: { host: `${host}:${port}`, authorization: `Bearer ${token}` } }, (answer) => {
        answer.resume().on('end', () => { if (answer.statusCode === 200) resolve(); else reject(new Error(`${host} answered ${answer.statusCode}.`)) })
      }).on('error', reject)
    })
    times.push(performance.now() - start)
  }
  await program.cpu()
  return times
}
