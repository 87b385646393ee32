import type { Finding, Outcome } from './check.ts'

/** The outcome of a check that looked for things that are wrong. */
export function findings(found: readonly Finding[], evidence: readonly string[] = []): Outcome {
  const [first, ...rest] = found
  return first === undefined ? { status: 'pass', evidence } : { status: 'fail', findings: [first, ...rest] }
}
