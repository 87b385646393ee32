import type { Home } from './good-neighbour.ts'
import type { Neighbourhood } from './neighbourhood.ts'

/**
 * `HOSTILE_TIMES=1` measures what each evil costs the neighbours, on a machine that does nothing else: evils come one after the other then, each is done again
 * and again for as long as it takes the neighbours to give a thousand answers each, and their p99 stands beside that of as many answers just before.
 */
export const isMeasured = process.env['HOSTILE_TIMES'] !== undefined

/** Answers of each neighbour: of fewer the p99 is the one slowest of all. */
const ANSWERS = 1_000
/** Answers between the end of a deed and the next: whoever asks an evil for it is nobody's load. */
const BETWEEN = 10
/** Most that the p99 of neighbours may grow by. */
const MOST_TIMES = 2

type Times = ReturnType<Neighbourhood['takeTimes']>

/** @param deed - what is done again and again; what it throws from the second time on is no concern of the measure's. @returns what came of it first */
export async function measure<Result>(neighbourhood: Neighbourhood, name: string, deed: () => Promise<Result>): Promise<Result> {
  const before = await timesOf(neighbourhood, neighbourhood.answers(ANSWERS))
  let isOver = false
  let deeds = 1
  const during = timesOf(neighbourhood, neighbourhood.answers(ANSWERS)).finally(() => { isOver = true })
  const result = await deed()
  while (!isOver) {
    await neighbourhood.answers(BETWEEN)
    await deed().catch(() => undefined)
    deeds += 1
  }
  const told = (['inline', 'process'] as const).map(async (home) => tell(home, before, await during))
  process.stderr.write(`p99 of neighbours: ${(await Promise.all(told)).join(', ')} · ${deeds} × ${name}\n`)
  return result
}

async function timesOf(neighbourhood: Neighbourhood, until: Promise<void>): Promise<Times> {
  neighbourhood.takeTimes()
  await until
  return neighbourhood.takeTimes()
}

function tell(home: Home, before: Times, during: Times): string {
  const [without, with_] = [p99(before[home]), p99(during[home])]
  const times = with_ / without
  return `${home} ${without.toFixed(1)} → ${with_.toFixed(1)} ms (${times.toFixed(1)} ×${times > MOST_TIMES ? ' PAST' : ''})`
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN
}
