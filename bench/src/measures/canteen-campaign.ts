import { join } from 'node:path'
import type { Measure } from '../measure.ts'
import type { Figure } from '../row.ts'
import { ROOT } from '../workshop.ts'

/** Longest that pricing and drafting the invoices may take, in milliseconds. */
const DRAFT_MS = 20_000
/** Households with one invoice each. */
const FAMILIES = 10_000
/** Counts that the page of a campaign shows one after the other while it is drafted, at least. */
const STEPS = 3

/** What it costs to bill a large town: bookings read, priced with their explanation and written as drafts, by the plugin as it is. */
export const canteenCampaign: Measure = {
  name: 'canteen-campaign',
  about: '10,000 invoices of 16 meals priced and drafted by the plugins families and canteen, inline and in processes, beside the same rows by plain better-sqlite3',
  async run(workshop) {
    const count = workshop.quick ? FAMILIES / 10 : FAMILIES
    const figures: Figure[] = []
    for (const runtime of ['process', 'inline'] as const) {
      workshop.note(`${count} families, ${runtime}`)
      const program = await workshop.program('canteen-server', { data: workshop.folder(`canteen-${runtime}`) })
      await program.ask('open', { runtime, plugins: join(ROOT, 'plugins') })
      await program.ask('fill', { count })
      const [ours, bare]: [number[], number[]] = [[], []]
      // Once: ten thousand are enough not to swing.
      for (let round = 0; round < (workshop.quick ? 3 : 1); round += 1) {
        workshop.note(`${runtime}: draft ${round + 1}`)
        const drafted = await program.ask<{ readonly ms: number; readonly invoices: number; readonly cents: number; readonly steps: number }>('draft')
        const plain = await program.ask<{ readonly ms: number; readonly cents: number }>('bare', { count })
        if (drafted.invoices !== count || drafted.cents !== plain.cents) throw new Error(`${drafted.invoices} invoices of ${drafted.cents} cents were drafted where ${count} of ${plain.cents} are due.`)
        if (!workshop.quick && drafted.steps < STEPS) throw new Error(`The draft showed ${drafted.steps} counts on its way.`)
        ours.push(drafted.ms)
        bare.push(plain.ms)
      }
      await program.stop()
      figures.push({ what: `${count.toLocaleString('en')} invoices drafted, ${runtime === 'process' ? 'plugins in processes' : 'plugins inline'}`, unit: 'ms', better: 'lower', goal: { of: 'ours', limit: DRAFT_MS }, ours, bare })
    }
    return figures
  },
}
