import { execFile } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Measure } from '../measure.ts'

const run = promisify(execFile)

interface Moved { readonly exportMs: number; readonly importMs: number; readonly cpuMs: number; readonly grownMb: number; readonly peakMb: number }

/** A commune with many files that leaves one platform and comes into another, beside `tar` on the same files. */
export const moveTenant: Measure = {
  name: 'move-tenant',
  about: 'export and import of a commune with 1 GB of files, beside tar -c and tar -x of the same folder',
  async run(workshop) {
    const megabytes = workshop.quick ? 128 : 1_024
    const program = await workshop.program('tenant-mover')
    workshop.note(`storing ${megabytes} MB of files`)
    const folder = await program.ask<string>('fill', { megabytes })
    const place = workshop.folder('tar')
    workshop.note('moving')
    const rounds = workshop.quick ? 3 : 5
    await tarMs(folder, place)
    const speed: number[] = []
    const bare = { plain: [] as number[], durable: [] as number[] }
    const cpu = { ours: [] as number[], bare: [] as number[] }
    const grown: number[] = []
    const peak: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const moved = round % 2 === 0 ? await program.ask<Moved>('move') : undefined
      const tar = await tarMs(folder, place)
      bare.plain.push(megabytes / (tar.plain / 1_000))
      bare.durable.push(megabytes / (tar.durable / 1_000))
      const { exportMs, importMs, cpuMs, grownMb, peakMb } = moved ?? await program.ask<Moved>('move')
      workshop.note(`export ${Math.round(exportMs)} ms, import ${Math.round(importMs)} ms`)
      speed.push(megabytes / ((exportMs + importMs) / 1_000))
      cpu.ours.push(cpuMs / 1_000)
      cpu.bare.push(tar.cpu / 1_000)
      grown.push(grownMb)
      peak.push(peakMb)
    }
    return [
      // tar as it is leaves it to the system when its bytes reach the disk, and checks nothing. Ours are there, each held against its digest.
      { what: `${megabytes} MB there and back; bare: tar -c, tar -x`, unit: 'MB/s', better: 'higher', goal: { of: 'ratio', limit: 0.5 }, ours: speed, bare: bare.plain },
      { what: 'the same; bare: tar -c, tar -x, each file synced', unit: 'MB/s', better: 'higher', ours: speed, bare: bare.durable },
      { what: 'processor time of it; bare: tar -c, tar -x', unit: 's', better: 'lower', ours: cpu.ours, bare: cpu.bare },
      // Buffers and the garbage between two collections: a number that does not grow with the files.
      { what: 'resident memory that it takes meanwhile', unit: 'MB', better: 'lower', goal: { of: 'ours', limit: 100 }, ours: grown },
      { what: 'peak of resident memory', unit: 'MB', better: 'lower', ours: peak },
    ]
  },
}

/** Milliseconds of `tar`, there and back, and of the same made durable as our two commands make it; and of processor time, without the latter. */
async function tarMs(folder: string, place: string): Promise<{ readonly plain: number; readonly durable: number; readonly cpu: number }> {
  const out = join(place, 'out')
  const archive = join(place, 'files.tar')
  mkdirSync(out, { recursive: true })
  const start = performance.now()
  const writing = await tar('-cf', archive, '-C', folder, '.')
  const written = performance.now()
  await sync(archive)
  const synced = performance.now()
  const reading = await tar('-xf', archive, '-C', out)
  const unpacked = performance.now()
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) if (entry.isFile()) await sync(join(entry.parentPath, entry.name))
  const end = performance.now()
  rmSync(out, { recursive: true })
  rmSync(archive)
  return { plain: (written - start) + (unpacked - synced), durable: end - start, cpu: writing + reading }
}

/** Resolves to the processor time that it took, in milliseconds: the shell tells it of those that it started. */
async function tar(...args: readonly string[]): Promise<number> {
  const { stdout } = await run('/bin/sh', ['-c', 'tar "$@" && times', 'sh', ...args])
  const times = [...(stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, seconds]) => Number(minutes) * 60_000 + Number(seconds) * 1_000)
  if (times.length !== 2) throw new Error(`The shell did not tell how long tar took: ${stdout}`)
  return times.reduce((sum, time) => sum + time, 0)
}

async function sync(path: string): Promise<void> {
  const file = await open(path)
  await file.sync()
  await file.close()
}
