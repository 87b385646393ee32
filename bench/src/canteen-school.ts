import { join } from 'node:path'
import type { Measure } from './measure.ts'
import { percentile, type Figure } from './row.ts'
import { ROOT, type Workshop } from './workshop.ts'

/** Milliseconds of single turns. */
export interface Turns { readonly grids: readonly number[]; readonly lists: readonly number[]; readonly bookings: readonly number[] }

/** Places that a hundred families want at once. */
const PLACES = 30

/** What a school of three hundred children measures, with the plugins in processes and inline; once for all measures that show something of it. */
function measured(workshop: Workshop): Promise<readonly { readonly runtime: 'process' | 'inline'; readonly rounds: readonly { readonly ours: Turns; readonly bare: Turns; readonly rushMs: number }[] }[]> {
  return workshop.once('canteen-school', async () => {
    const found = []
    for (const runtime of ['process', 'inline'] as const) {
      workshop.note(`a school of 300 children, ${runtime}`)
      const program = await workshop.program('canteen-server', { data: workshop.folder(`canteen-school-${runtime}`) })
      await program.ask('open', { runtime, plugins: join(ROOT, 'plugins') })
      const { monday, households, children } = await program.ask<{ readonly monday: string; readonly households: readonly string[]; readonly children: readonly string[] }>('school')
      const day = (offset: number): string => new Date(Date.parse(`${monday}T00:00:00Z`) + offset * 86_400_000).toISOString().slice(0, 10)
      const times = workshop.quick ? 30 : 100
      // What is read for the first time is not what anybody waits for each day.
      await program.ask('grids', { monday, times: 30 })
      await program.ask('lists', { monday, times: 10 })
      const rounds = []
      for (const offset of workshop.quick ? [1] : [1, 3, 4]) {
        workshop.note(`${runtime}: day ${day(offset)}`)
        const [grids, lists] = [await program.ask<readonly number[]>('grids', { monday, times }), await program.ask<readonly number[]>('lists', { monday, times: times / 2 })]
        const bookings = await program.ask<readonly number[]>('bookings', { day: day(offset), times })
        // The next week: nobody has booked there.
        const rush = await program.ask<{ readonly ms: number; readonly booked: number; readonly waiting: number }>('rush', { day: day(offset + 7), places: PLACES })
        if (rush.booked !== PLACES || rush.booked + rush.waiting !== households.length) throw new Error(`${rush.booked} families have one of ${PLACES} places, and ${rush.waiting} of ${households.length} wait.`)
        const bare = await program.ask<Turns>('bareDay', { children, households, day: monday, times })
        rounds.push({ ours: { grids, lists, bookings }, bare, rushMs: rush.ms })
      }
      await program.stop()
      found.push({ runtime, rounds })
    }
    return found
  })
}

/** A measure of one kind of turn at the school. */
export function schoolMeasure(name: string, about: string, { turn, share, what, limit }: { readonly turn: keyof Turns; readonly share: number; readonly what: string; readonly limit: number }): Measure {
  return {
    name,
    about,
    async run(workshop) {
      const figures: Figure[] = []
      for (const { runtime, rounds } of await measured(workshop)) {
        const where = runtime === 'process' ? 'plugins in processes' : 'plugins inline'
        figures.push({ what: `${what}, ${where}`, unit: 'ms', better: 'lower', goal: { of: 'ours', limit }, ours: rounds.map(({ ours }) => percentile(ours[turn], share)), bare: rounds.map(({ bare }) => percentile(bare[turn], share)) })
        if (turn === 'bookings') figures.push({ what: `100 families at once for ${PLACES} places, all answered, ${where}`, unit: 'ms', better: 'lower', ours: rounds.map(({ rushMs }) => rushMs) })
      }
      return figures
    },
  }
}
