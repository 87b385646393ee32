import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { load, type Target } from '../load.ts'
import type { Measure } from '../measure.ts'
import type { Program } from '../program.ts'
import { percentile, type Figure } from '../row.ts'
import { started } from '../started.ts'
import type { Workshop } from '../workshop.ts'

/** What the file limit of a service is where nobody has thought of it. */
const OPEN_FILES = 1_024
/** How long after a start memory is looked at, in milliseconds. */
const LATER_MS = 5_000
/** With `--quick`: some 2 000 communes. */
const QUICK = ['17', '33', '16', '79', '86']
/** Communes of the platform that the large one is compared with, as the demonstration has. */
const SMALL = 'CA de La Rochelle'
const NOTE = 'note-7'

/** All of France in one process. */
export const france: Measure = {
  name: 'france',
  about: 'the 34,969 communes of France as tenants below their EPCI: making them, start, memory, first requests, requests spread over 1,000 of them',
  async run(workshop) {
    const data = workshop.folder('france')
    const creation = await create(workshop, data)
    const small = workshop.folder('france-small')
    await withProgram(workshop, small, async (program) => {
      await program.ask('importEpci', { siren: '241700434' })
      await program.ask('enableAll')
    })
    const idle = await startAndRest(workshop, data, small)
    const cold = await firstRequests(workshop, data)
    const spread = await spreadRequests(workshop, data)
    return [...creation, ...idle, ...cold, ...spread]
  },
}

async function create(workshop: Workshop, data: string): Promise<readonly Figure[]> {
  workshop.note('making the tenants')
  const departements = workshop.quick ? QUICK : null
  return withProgram(workshop, data, async (program) => {
    const tenants = await program.ask<number>('importCommunes', { departements })
    const bare = await program.ask<number>('insertBare', { to: join(workshop.folder('france-bare'), 'bare.sqlite') })
    workshop.note('switching three plugins on for each')
    const enabled = await program.ask<number>('enableAll')
    const { tenants: count } = await program.ask<{ readonly tenants: number }>('where')
    return [
      { what: `${count} tenants made; bare: the same rows in as many transactions`, unit: 's', better: 'lower', goal: { of: 'ours', limit: 60 }, ours: [tenants / 1000], bare: [bare / 1000] },
      { what: 'three plugins switched on for each of them', unit: 's', better: 'lower', goal: { of: 'ours', limit: 60 }, ours: [enabled / 1000] },
    ]
  })
}

async function startAndRest(workshop: Workshop, large: string, small: string): Promise<readonly Figure[]> {
  workshop.note('starting, and waiting for idle processes')
  const args = [await workshop.programFile('france-server')]
  const times = { ours: [] as number[], bare: [] as number[] }
  const cpu = { ours: [] as number[], bare: [] as number[] }
  const sizes = { ours: [] as number[], bare: [] as number[] }
  const own = { ours: [] as number[], bare: [] as number[] }
  for (let round = 0; round < (workshop.quick ? 1 : 5); round += 1) {
    for (const [side, data] of [['ours', large], ['bare', small]] as const) {
      const server = await started(args, data)
      try {
        times[side].push(server.ms)
        cpu[side].push(server.cpuMs)
        await wait(LATER_MS)
        sizes[side].push(server.memory())
        own[side].push(server.ownMemory())
      } finally {
        await server.stop()
      }
    }
  }
  return [
    { what: `start until /readyz; bare: with the 28 communes of ${SMALL}`, unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 2_000 }, ...times },
    { what: 'start, CPU', unit: 'ms', better: 'lower', ...cpu },
    { what: 'idle memory 5 s later; bare: with 28', unit: 'MB', better: 'lower', goal: { of: 'ratio', limit: 1.3 }, ...sizes },
    { what: 'of that, without Node\'s program and other files', unit: 'MB', better: 'lower', ...own },
  ]
}

/** The first request that anyone sends to a tenant: its store is made, migrations included. */
async function firstRequests(workshop: Workshop, data: string): Promise<readonly Figure[]> {
  workshop.note('first requests to tenants that nobody has asked yet')
  const count = workshop.quick ? 50 : 300
  return withProgram(workshop, data, async (program) => {
    const { port } = await program.ask<{ readonly port: number }>('where')
    const tenants = await program.ask<readonly FilledTenant[]>('fill', { count, filled: false })
    const times: number[] = []
    for (const tenant of tenants) {
      const start = performance.now()
      const status = await ask({ ...targetOf(port, tenant), path: '/apps/notes/none' })
      times.push(performance.now() - start)
      if (status !== 404) throw new Error(`The note that is not there was answered with ${status}.`)
    }
    const bare = await program.ask<number[]>('coldBare', { count })
    return [{ what: 'first request to a cold tenant, p95; bare: a file with one table, made and looked into', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 50 }, ours: [percentile(times, 0.95)], bare: [percentile(bare, 0.95)] }]
  })
}

async function spreadRequests(workshop: Workshop, data: string): Promise<readonly Figure[]> {
  const count = workshop.quick ? 400 : 1_000
  workshop.note(`filling ${count} tenants`)
  await withProgram(workshop, data, async (program) => { await program.ask('fill', { count, filled: true }) })
  workshop.note('spreading requests')
  const openFiles = workshop.quick ? 256 : OPEN_FILES
  return withProgram(workshop, data, async (program) => {
    const { port } = await program.ask<{ readonly port: number }>('where')
    const spread = (await program.ask<readonly FilledTenant[]>('targets')).map((tenant) => targetOf(port, tenant))
    const [warm] = spread
    if (warm === undefined) throw new Error('No tenant was filled.')
    const rates = { ours: [] as number[], bare: [] as number[] }
    const tails = { ours: [] as number[], bare: [] as number[] }
    // Longer than usual before: each store is opened for the first time, and what runs for the first time is slow for everyone.
    for (const target of [spread, warm, spread, spread]) await load(target, 2 * workshop.roundMs)
    for (let round = 0; round < workshop.rounds; round += 1) {
      for (const side of round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) {
        const { perSecond, p99 } = await load(side === 'ours' ? spread : warm, workshop.roundMs)
        rates[side].push(perSecond)
        tails[side].push(p99)
      }
    }
    const { openStores } = await program.ask<{ readonly openStores: number }>('stats')
    return [
      { what: `reads spread over ${spread.length} tenants with ${openFiles} files (${openStores} stores open); bare: one warm tenant`, unit: 'requests/s', better: 'higher', goal: { of: 'ratio', limit: 0.5 }, ...rates },
      { what: 'the same, p99 at 32 connections', unit: 'ms', better: 'lower', ...tails },
    ]
  }, openFiles)
}

interface FilledTenant {
  readonly host: string
  readonly token: string
}

function targetOf(port: number, { host, token }: FilledTenant): Target {
  return { port, path: `/apps/notes/${NOTE}`, headers: { host: `${host}:${port}`, authorization: `Bearer ${token}` } }
}

function ask({ port, path, headers }: Target): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
    response.resume().on('end', () => { resolve(response.statusCode ?? 0) })
  }).on('error', reject)
  return promise
}

async function withProgram<Result>(workshop: Workshop, data: string, body: (program: Program) => Promise<Result>, openFiles?: number): Promise<Result> {
  const program = await workshop.program('france-server', { data, ...(openFiles === undefined ? {} : { openFiles }) })
  try {
    return await body(program)
  } finally {
    await program.stop()
  }
}
