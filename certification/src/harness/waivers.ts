import { readFile } from 'node:fs/promises'
import type { AnyCheck } from './check.ts'
import { NoSubject } from './no-subject.ts'

/** What a certifier lets pass for a time, and why. It stands in the report and in the label. */
export interface Waiver {
  readonly check: string
  readonly reason: string
  /** Last day on which it holds. */
  readonly expires: string
  readonly signer: string
}

const HOW = 'Write [{ "check": "DOC-02", "reason": "…", "expires": "2027-06-30", "signer": "…" }].'
const DAY = /^\d{4}-\d{2}-\d{2}$/

/**
 * Reads waivers. What bronze asks for is safety and cannot be waived.
 * @throws NoSubject what is no list of waivers, is of no check, or of one of bronze
 */
export async function readWaivers(path: string, checks: readonly AnyCheck[]): Promise<readonly Waiver[]> {
  let found: unknown
  try {
    found = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new NoSubject(`The waivers ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, HOW, { cause })
  }
  if (!Array.isArray(found) || !found.every(isWaiver)) throw new NoSubject(`${path} is no list of waivers.`, HOW)
  for (const { check } of found) {
    const of = checks.find(({ id }) => id === check)
    if (of === undefined) throw new NoSubject(`${path} waives ${check}, and there is no such check.`, 'See `liberacces-certify list`.')
    if (of.level === 'bronze') throw new NoSubject(`${path} waives ${check}, which bronze asks for: safety cannot be waived.`, 'Have the plugin mended.')
  }
  return found
}

function isWaiver(value: unknown): value is Waiver {
  if (typeof value !== 'object' || value === null) return false
  const { check, reason, expires, signer } = value as Partial<Record<keyof Waiver, unknown>>
  return [check, reason, expires, signer].every((text) => typeof text === 'string' && text !== '') && DAY.test(String(expires))
}

/** The waiver of a check that holds on a day. */
export function waiverOf(waivers: readonly Waiver[], check: string, today: string): Waiver | undefined {
  return waivers.find((one) => one.check === check && one.expires >= today.slice(0, 10))
}
