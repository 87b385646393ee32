import { execFile } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Measure } from '../measure.ts'

const run = promisify(execFile)

interface Moved { readonly exportMs: number; readonly importMs: number; readonly grownMb: number; readonly peakMb: number }

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
    const speed = { ours: [] as number[], bare: [] as number[] }
    const grown: number[] = []
    const peak: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const moved = round % 2 === 0 ? await program.ask<Moved>('move') : undefined
      speed.bare.push(megabytes / (await tarMs(folder, place) / 1_000))
      const { exportMs, importMs, grownMb, peakMb } = moved ?? await program.ask<Moved>('move')
      workshop.note(`export ${Math.round(exportMs)} ms, import ${Math.round(importMs)} ms`)
      speed.ours.push(megabytes / ((exportMs + importMs) / 1_000))
      grown.push(grownMb)
      peak.push(peakMb)
    }
    return [
      { what: `${megabytes} MB there and back; bare: tar -c, tar -x`, unit: 'MB/s', better: 'higher', goal: { of: 'ratio', limit: 0.5 }, ...speed },
      // Buffers and the garbage between two collections: a number that does not grow with the files.
      { what: 'resident memory that it takes meanwhile', unit: 'MB', better: 'lower', goal: { of: 'ours', limit: 100 }, ours: grown },
      { what: 'peak of resident memory', unit: 'MB', better: 'lower', ours: peak },
    ]
  },
}

async function tarMs(folder: string, place: string): Promise<number> {
  const out = join(place, 'out')
  mkdirSync(out, { recursive: true })
  const start = performance.now()
  await run('tar', ['-cf', join(place, 'files.tar'), '-C', folder, '.'])
  await run('tar', ['-xf', join(place, 'files.tar'), '-C', out])
  const took = performance.now() - start
  rmSync(out, { recursive: true })
  rmSync(join(place, 'files.tar'))
  return took
}
