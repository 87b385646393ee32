import type { Finding } from '../harness/check.ts'
import { CERTIFIER } from './certifier.ts'
import type { Ground } from './ground.ts'

/** Most statements after which a migration is cut short: evenly chosen among more. */
const MOST_CUTS = 12

/** Cuts migrations short after one of their statements, as a full disk or a lost connection does. It is given to a ground as what is told of its crash points. */
export class MigrationCut {
  /** Statements of migrations since the last {@link arm}. */
  #passed = 0
  #after: number | undefined

  readonly reached = (point: string): void => {
    if (point !== 'migration:statement') return
    this.#passed += 1
    if (this.#passed === this.#after) throw new Error(`The harness cut the migration short after its statement ${this.#after}.`)
  }

  /** @param after - how many statements run; `undefined` for all */
  arm(after?: number): void {
    this.#passed = 0
    this.#after = after
  }

  get passed(): number {
    return this.#passed
  }
}

/** After which of so many statements migrations are cut: the last one too, since the kernel writes more after it. */
export function cutsOf(statements: number): readonly number[] {
  const count = Math.min(statements, MOST_CUTS)
  return Array.from({ length: count }, (_, index) => Math.round(((index + 1) * statements) / count))
}

/** What is done again after each cut. */
export interface CutAttempt {
  /** How it is called in messages, such as `Switching on`. */
  readonly what: string
  /** Does it; rejects when it was cut short, or fails. */
  readonly run: () => Promise<unknown>
  /** What it leaves behind, in words that can be compared. */
  readonly shape: () => Promise<string>
}

/**
 * Cuts an attempt short after one statement, and does it again without a cut: it must come to the same as the one that nobody disturbed.
 * @returns what is wrong, if anything
 */
export async function cutAndAgain(cut: MigrationCut, after: number, { what, run, shape }: CutAttempt, expected: string): Promise<Omit<Finding, 'fix'> | undefined> {
  cut.arm(after)
  const first = await failureOf(run)
  cut.arm()
  const at = `Cut short after statement ${after} of its migrations`
  if (first === undefined) return { message: `${what} went on although a statement of its migrations had failed.`, evidence: [`${at}, it counts as done.`] }
  const again = await failureOf(run)
  if (again !== undefined) return { message: `${what} fails for good once its migrations were cut short.`, evidence: [`${at}, it was tried again: ${again.message}`] }
  const left = await shape()
  return left === expected ? undefined : { message: `${what} comes to other tables once its migrations were cut short.`, evidence: [`${at}, it was tried again and left:`, left, `Undisturbed it leaves:`, expected] }
}

async function failureOf(run: () => Promise<unknown>): Promise<Error | undefined> {
  return run().then(() => undefined, (error: unknown) => (error instanceof Error ? error : new Error(String(error))))
}

/** Another commune on a ground, with nothing on. */
export async function anotherCommune({ platform }: Ground, name: string): Promise<string> {
  return (await platform.tenants.create({ kind: 'commune', name, population: 1_000 }, CERTIFIER)).id
}
