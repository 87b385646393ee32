import { expect } from 'vitest'
import type { Answer } from './ask.ts'
import type { Attempt, Known } from './evil-plugin.ts'
import type { Scene } from './scene.ts'

/** Answers of each neighbour that show that it goes on. */
const GOES_ON = 5

/** Levels at which somebody is blamed. */
const BLAME: ReadonlySet<string> = new Set(['warn', 'error', 'fatal'])

/** Asks an evil plugin to do its deed. */
export function provoke(scene: Scene, path: string, known: Partial<Known> = {}, place = scene.places[0]): Promise<Answer> {
  return scene.ask(`/apps/${path}/try?known=${encodeURIComponent(JSON.stringify({ ...scene.known, ...known }))}`, place)
}

/** What an evil says that it tried. @throws when it said nothing of the kind */
export function attemptsOf({ status, text }: Answer): readonly Attempt[] {
  expect({ status, text: status === 200 ? '' : text }).toEqual({ status: 200, text: '' })
  return JSON.parse(text) as readonly Attempt[]
}

/** Of what was tried that which was not refused, by what was got. */
export function succeeded(attempts: readonly Attempt[]): Readonly<Record<string, string>> {
  return Object.fromEntries(attempts.filter(({ got }) => !got.startsWith('refused')).map(({ what, got }) => [what, got]))
}

/**
 * Does something evil, and looks whether anybody noticed: both neighbours answer before it is over and after it, all of it truly; nobody was reached, nothing
 * was left behind, no secret came out, and this process is what it was.
 * @param deed - settles when the evil is over
 */
export async function expectUnnoticed<Result>(scene: Scene, deed: () => Promise<Result>): Promise<Result> {
  const { neighbourhood, listeners, log, secrets } = scene
  const lines = log.length
  const before = neighbourhood.account()
  const quiet = isTimed ? await quietTimes(scene) : undefined
  const goingOn = neighbourhood.answers(GOES_ON)
  const result = await deed()
  await goingOn
  if (quiet !== undefined) tellTimes(quiet, neighbourhood.takeTimes())
  await neighbourhood.answers(GOES_ON)
  const said = JSON.stringify(result) + JSON.stringify(log.slice(lines))
  expect({
    wrong: neighbourhood.account().wrong.slice(before.wrong.length), came: [...listeners.came], left: await scene.left(), told: secrets.filter((secret) => said.includes(secret)),
    polluted: (Object.prototype as { readonly polluted?: unknown }).polluted, keys: Object.keys(Object.prototype),
  }).toEqual({ wrong: [], came: [], left: [], told: [], polluted: undefined, keys: [] })
  return result
}

/** `HOSTILE_TIMES=1` measures, on a quiet machine, what each evil costs the neighbours: it lets them go on for a while first, and prints their p99 without and with it. */
const isTimed = process.env['HOSTILE_TIMES'] !== undefined
/** Answers of each neighbour without an evil, to compare with. */
const MEASURED = 400

type Times = ReturnType<Scene['neighbourhood']['takeTimes']>

async function quietTimes({ neighbourhood }: Scene): Promise<Times> {
  neighbourhood.takeTimes()
  await neighbourhood.answers(MEASURED)
  return neighbourhood.takeTimes()
}

function tellTimes(quiet: Times, during: Times): void {
  const p99 = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN
  const told = (['inline', 'process'] as const).map((home) => {
    const [without, with_] = [p99(quiet[home]), p99(during[home])]
    return `${home} ${without.toFixed(1)} → ${with_.toFixed(1)} ms (${(with_ / without).toFixed(1)} ×, ${during[home].length} answers)`
  })
  process.stderr.write(`p99 of neighbours: ${told.join(', ')} · ${expect.getState().currentTestName?.split(' > ').at(-1) ?? ''}\n`)
}

/** The lines in which the log blames a plugin by its name, since some line. */
export function blameOf({ log }: Scene, pluginId: string, since = 0): readonly string[] {
  return log.slice(since).filter(({ level }) => BLAME.has(level)).map((line) => JSON.stringify(line)).filter((line) => line.includes(pluginId))
}
