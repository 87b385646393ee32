import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { shareDisk } from '@liberacces/core'
import { load } from '../load.ts'
import type { Measure } from '../measure.ts'
import { startPostgres } from '../postgres-server.ts'
import type { Program } from '../program.ts'
import { percentile, type Figure } from '../row.ts'
import type { Workshop } from '../workshop.ts'

const NODES = 3

/** Several nodes on one PostgreSQL. On a machine with few cores more of them are no faster: they share it with the database and whoever asks. */
export const nodes: Measure = {
  name: 'nodes',
  about: 'three nodes on one PostgreSQL: reads behind a proxy, how soon a change holds on another node, how soon a dead node’s work is taken over',
  async run(workshop) {
    const url = await (await startPostgres(workshop)).database()
    const secretFile = join(workshop.folder('secret'), 'secret.txt')
    writeFileSync(secretFile, randomBytes(32).toString('hex'), { mode: 0o600 })
    Object.assign(process.env, { BENCH_DATABASE_URL: url, LIBERACCES_SECRET_FILE: secretFile })
    const programs: Program[] = []
    for (let index = 0; index < NODES; index += 1) {
      const data = workshop.folder(`node-${index}`)
      shareDisk(data, join(data, '..', 'files'))
      programs.push(await workshop.program('node-server', { data }))
    }
    const [one, two] = programs
    if (one === undefined || two === undefined) throw new Error('There are no nodes.')
    const { host, cookie } = await one.ask<{ readonly host: string; readonly cookie: string }>('prepare')
    const ports = await Promise.all(programs.map((program) => program.ask<number>('port')))
    const figures = [...await rates(workshop, ports, { host, cookie }), await heard(workshop, one, two), await takenOver(workshop, one, two)]
    for (const program of programs) await program.stop()
    return figures
  },
}

async function rates(workshop: Workshop, ports: readonly number[], headers: Readonly<Record<string, string>>): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const count of [2, 3]) {
    workshop.note(`reading from ${count} nodes`)
    const [several, alone] = [await proxy(ports.slice(0, count)), await proxy(ports.slice(0, 1))]
    const rate = { ours: [] as number[], bare: [] as number[] }
    const targets = (port: number) => Array.from({ length: 100 }, (_, number) => ({ port, path: `/apps/notes/note-${number}`, headers }))
    await load(targets(several.port), workshop.roundMs / 2)
    for (let round = 0; round < workshop.rounds; round += 1) {
      rate.ours.push((await load(targets(several.port), workshop.roundMs)).perSecond)
      rate.bare.push((await load(targets(alone.port), workshop.roundMs)).perSecond)
    }
    several.close()
    alone.close()
    figures.push({ what: `reads by id, ${count} nodes behind a proxy, beside one behind it`, unit: 'requests/s', better: 'higher', ...rate })
  }
  return figures
}

/** Shares connections out in turn. */
async function proxy(ports: readonly number[]): Promise<{ readonly port: number; close(): void }> {
  let turn = 0
  const server = createServer((near) => {
    const far = connect({ port: ports[(turn += 1) % ports.length] ?? 0, host: '127.0.0.1', noDelay: true })
    near.setNoDelay(true).pipe(far).pipe(near)
    for (const socket of [near, far]) socket.on('error', () => { near.destroy(); far.destroy() })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return { port: (server.address() as { readonly port: number }).port, close: () => { server.close() } }
}

async function heard(workshop: Workshop, one: Program, two: Program): Promise<Figure> {
  workshop.note('a change on one node, until it holds on another')
  await Promise.all([one.ask('bareOpen'), two.ask('bareOpen')])
  const ours: number[] = []
  const bare: number[] = []
  let number = 0
  const time = async (change: string, changed: string): Promise<number> => {
    const value = `contact-${(number += 1)}@example.fr`
    const seen = two.ask<number>(changed, { value })
    seen.catch(() => undefined) // told below, or after what came first
    const acknowledged = await one.ask<number>(change, { value })
    return Math.max(0, await seen - acknowledged)
  }
  for (let round = 0; round < workshop.rounds; round += 1) {
    const times = { ours: [] as number[], bare: [] as number[] }
    for (let index = 0; index < (workshop.quick ? 20 : 100); index += 1) {
      times.ours.push(await time('change', 'changed'))
      times.bare.push(await time('bareChange', 'bareChanged'))
    }
    ours.push(percentile(times.ours, 0.99))
    bare.push(percentile(times.bare, 0.99))
  }
  return { what: 'from acknowledged on one node to in force on another, p99, beside notify and select', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 250 }, ours, bare }
}

async function takenOver(workshop: Workshop, one: Program, two: Program): Promise<Figure> {
  workshop.note('a node that dies in the middle of an upgrade, until another one has finished it')
  const upgraded = two.ask<number>('upgraded')
  upgraded.catch(() => undefined) // told below
  await one.ask('dieUpgrading').catch(() => undefined) // that it dies is what is asked
  const diedAt = performance.timeOrigin + performance.now()
  return { what: 'from a node’s death in the middle of an upgrade to the upgrade being in force', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 10_000 }, ours: [await upgraded - diedAt] }
}
