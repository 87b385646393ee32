import { expect } from 'vitest'
import type { Answer } from './ask.ts'
import type { Attempt, Known } from './evil-plugin.ts'
import { isMeasured, measure } from './neighbours/measured.ts'
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
  const goingOn = neighbourhood.answers(GOES_ON)
  const result = await (isMeasured ? measure(neighbourhood, expect.getState().currentTestName?.split(' > ').at(-1) ?? '', deed) : deed())
  await goingOn
  await neighbourhood.answers(GOES_ON)
  const said = JSON.stringify(result) + JSON.stringify(log.slice(lines))
  expect({
    wrong: neighbourhood.account().wrong.slice(before.wrong.length), came: [...listeners.came], left: await scene.left(), told: secrets.filter((secret) => said.includes(secret)),
    polluted: (Object.prototype as { readonly polluted?: unknown }).polluted, keys: Object.keys(Object.prototype),
  }).toEqual({ wrong: [], came: [], left: [], told: [], polluted: undefined, keys: [] })
  return result
}

/** The lines in which the log blames a plugin by its name, since some line. */
export function blameOf({ log }: Scene, pluginId: string, since = 0): readonly string[] {
  return log.slice(since).filter(({ level }) => BLAME.has(level)).map((line) => JSON.stringify(line)).filter((line) => line.includes(pluginId))
}
