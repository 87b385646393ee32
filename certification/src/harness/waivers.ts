import { readFile } from 'node:fs/promises'
import { hasRunOut, misfit, WaiverSchema, type Waiver } from '@liberacces/core'
import { Type } from '@liberacces/sdk'
import type { AnyCheck } from './check.ts'
import { NoSubject } from './no-subject.ts'

const HOW = 'Write [{ "check": "DOC-02", "reason": "…", "expires": "2027-06-30", "signer": "…" }].'
const WaiversSchema = Type.Array(WaiverSchema)

/**
 * Reads waivers. What bronze asks for is safety and cannot be waived, nor can what every label asks for.
 * @throws NoSubject what is no list of waivers, is of no check, or of one that cannot be waived
 */
export async function readWaivers(path: string, checks: readonly AnyCheck[]): Promise<readonly Waiver[]> {
  let found: unknown
  try {
    found = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new NoSubject(`The waivers ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, HOW, { cause })
  }
  const wrong = misfit(WaiversSchema, found)
  if (wrong !== undefined) throw new NoSubject(`${path} is no list of waivers: ${wrong}.`, HOW)
  const waivers = found as readonly Waiver[]
  for (const { check } of waivers) {
    const of = checks.find(({ id }) => id === check)
    if (of === undefined) throw new NoSubject(`${path} waives ${check}, and there is no such check.`, 'See `liberacces-certify list`.')
    if (of.forLabel === true) throw new NoSubject(`${path} waives ${check}, which every label asks for.`, 'Have the plugin mended.')
    if (of.level === 'bronze') throw new NoSubject(`${path} waives ${check}, which bronze asks for: safety cannot be waived.`, 'Have the plugin mended.')
  }
  return waivers
}

/** The waiver of a check that holds on a day. */
export function waiverOf(waivers: readonly Waiver[], check: string, today: string): Waiver | undefined {
  return waivers.find((one) => one.check === check && !hasRunOut(one, today))
}
