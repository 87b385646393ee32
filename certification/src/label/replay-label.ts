import type { CertifyReport } from './certify-report.ts'
import { hexOf, INPUT, type TestResult } from './test-result.ts'

/** A check that came to something else than when the label was given. */
export interface ReplayDifference {
  readonly check: string
  readonly before: string
  readonly after: string
}

/** How a verdict compares with the one that a label rests on. */
export interface Replay {
  /** Every check came to the same. */
  readonly same: boolean
  readonly differences: readonly ReplayDifference[]
  /** What is not as it was then, so that a difference may come from there: sentences. */
  readonly conditions: readonly string[]
}

/**
 * Holds a fresh report against the result that a label rests on.
 * @throws TypeError when the two are not of the same archive
 */
export function replayOf({ subject: [subject], predicate }: TestResult, report: CertifyReport): Replay {
  if (subject?.digest.sha256 !== hexOf(report.plugin.digest)) throw new TypeError('The result and the report are of two archives.')
  const then = new Map<string, string>([['pass', predicate.passedTests], ['review', predicate.warnedTests], ['fail', predicate.failedTests], ['skip', predicate.skippedTests]].flatMap(([status, ids]) => (ids as readonly string[]).map((id) => [id, status as string] as const)))
  // An error stood among the failures; no label rests on one.
  const now = new Map(report.checks.map(({ id, status }) => [id, status as string]))
  const differences = [...new Set([...then.keys(), ...now.keys()])].sort().flatMap((check) => {
    const [before = 'not run', after = 'not run'] = [then.get(check), now.get(check)]
    return before === after ? [] : [{ check, before, after }]
  })
  const digestOf = (name: string): string | undefined => predicate.configuration.find((entry) => entry.name.startsWith(`${name}@`))?.digest.sha256
  const conditions = [
    ...(digestOf('catalogue') === hexOf(report.catalogue.digest) ? [] : ['The catalogue of checks is another one.']),
    ...(digestOf('harness') === hexOf(report.harness.digest) ? [] : ['The code of the harness is another one.']),
    ...inputConditions(predicate.configuration, report.inputs),
    ...(predicate.platform === report.platform ? [] : [`The platform is ${report.platform}; it was ${predicate.platform}.`]),
    ...(predicate.seed === report.seed ? [] : [`The seed is ${report.seed}; it was ${predicate.seed}.`]),
    ...(predicate.grade === report.grade ? [] : [`The grade is ${report.grade}; it was ${predicate.grade}.`]),
  ]
  return { same: differences.length === 0, differences, conditions }
}

/** What was given beside the plugin then and now: a check that compares with it can come to something else by that alone. */
function inputConditions(configuration: TestResult['predicate']['configuration'], inputs: CertifyReport['inputs']): readonly string[] {
  const then = new Map(configuration.flatMap(({ name, digest }) => (name.startsWith(INPUT) ? [[name.slice(INPUT.length), digest.sha256] as const] : [])))
  const now = new Map(inputs.map(({ name, digest }) => [name, hexOf(digest)]))
  return [...new Set([...then.keys(), ...now.keys()])].sort().flatMap((name) => {
    if (then.get(name) === now.get(name)) return []
    if (!now.has(name)) return [`Then --${name} was given, and now it is not.`]
    return [then.has(name) ? `What --${name} gives is not what it gave then.` : `Now --${name} is given, and then it was not.`]
  })
}
