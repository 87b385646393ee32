import { misfit } from '@liberacces/core'
import { LabelError } from '../label/label-error.ts'
import { ask, isThisMachine } from './ask.ts'
import { CompanySchema, DossierSchema, type Company, type Dossier } from './dossier.ts'
import { observe } from './observe.ts'

/** @throws LabelError naming the first thing that is wrong */
export function readCompany(text: string, name: string): Company {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new LabelError(`${name} is no JSON.`, 'See docs/reference/label.md for what a company says of itself.', 2, { cause })
  }
  const wrong = misfit(CompanySchema, value)
  if (wrong !== undefined) throw new LabelError(`${name}: ${wrong}.`, 'See docs/reference/label.md for what a company says of itself.', 2)
  return value as Company
}

/**
 * Gathers a dossier about a running platform: what is seen from outside, and with a token what it says of itself.
 * @param token - of an account that may read evidence and nothing else; it goes to that address alone, by TLS unless that is this machine
 * @throws LabelError when the platform does not answer, or refuses the token
 */
export async function collectDossier(url: URL, company: Company, token: string | undefined, now: number): Promise<Dossier> {
  if (token !== undefined && url.protocol !== 'https:' && !isThisMachine(url)) throw new LabelError(`The token would be sent to ${url.origin} in the clear.`, 'Give the https:// address; without TLS a token goes to this machine alone.', 2)
  const observations = await observe(url, now).catch((cause: unknown) => { throw new LabelError(`${url.origin} does not answer: ${cause instanceof Error ? cause.message : String(cause)}.`, 'Give the address of the Pool\'s console, with its port.', 2, { cause }) })
  const evidence = token === undefined ? undefined : await evidenceOf(url, token)
  const dossier: unknown = { format: 'liberacces-dossier/1', url: url.origin, at: new Date(now).toISOString(), company, observations, ...(evidence === undefined ? {} : { evidence }) }
  const wrong = misfit(DossierSchema, dossier)
  if (wrong !== undefined) throw new LabelError(`What ${url.origin} says of itself cannot be understood: ${wrong}.`, 'Use the harness of the platform\'s own version.', 2)
  return dossier as Dossier
}

async function evidenceOf(url: URL, token: string): Promise<unknown> {
  const { status, body } = await ask(new URL('/evidence.json', url), { authorization: `Bearer ${token}` })
  if (status === 401 || status === 403) throw new LabelError(`${url.origin} refuses the token (${status}).`, 'Give the token of an account of the Pool with the permission fr.liberacces.kernel/evidence.read.', 2)
  if (status !== 200) throw new LabelError(`${url.origin}/evidence.json answers ${status}.`, 'Give the address of the Pool\'s console; a tenant has no evidence.', 2)
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new LabelError(`${url.origin}/evidence.json answers with no JSON.`, 'Give the address of the Pool\'s console.', 2, { cause })
  }
}
