import { foldText } from '@liberacces/sdk'
import { checked, type Checked, type Problem } from './checked.ts'
import { parseEmail, parsePhone } from './contact.ts'
import { oneLine, severalLines } from './one-line.ts'

/** A service of the collectivité's administration. All of it is public. */
export interface Service {
  readonly name: string
  /** The service it belongs to. */
  readonly parentId: string | undefined
  readonly description: string
  /** Free text, several lines. */
  readonly openingHours: string
  readonly address: string
  readonly email: string | undefined
  readonly phone: string | undefined
}

/** A service as typed. The parent was looked up before. */
export interface ServiceDraft {
  readonly name: string
  readonly parentId: string | undefined
  readonly description: string
  readonly openingHours: string
  readonly address: string
  readonly email: string
  readonly phone: string
}

/** Fields that {@link checkService} may complain about. */
export type ServiceField = 'name' | 'description' | 'openingHours' | 'address' | 'email' | 'phone'

/** Longest accepted texts, in characters. */
export const SERVICE_LIMITS = { name: 120, description: 2000, openingHours: 1000, address: 500 } as const

/** Checks and tidies what was typed. */
export function checkService(draft: ServiceDraft): Checked<Service, ServiceField> {
  const problems: { [Field in ServiceField]?: Problem } = {}
  const name = oneLine(draft.name)
  if (foldText(name) === '') problems.name = 'required'
  const texts = { name, description: severalLines(draft.description), openingHours: severalLines(draft.openingHours), address: severalLines(draft.address) }
  for (const [field, limit] of Object.entries(SERVICE_LIMITS) as [keyof typeof SERVICE_LIMITS, number][]) {
    if (texts[field].length > limit) problems[field] = 'too-long'
  }
  const email = parseEmail(draft.email)
  const phone = parsePhone(draft.phone)
  if (draft.email.trim() !== '' && email === undefined) problems.email = 'email'
  if (draft.phone.trim() !== '' && phone === undefined) problems.phone = 'phone'
  return checked({ ...texts, parentId: draft.parentId, email, phone }, problems)
}

/** What searches look at. */
export function serviceSearchText(service: Pick<Service, 'name' | 'description'>): string {
  return foldText(`${service.name} ${service.description}`)
}

/**
 * Whether a service may be put under another without being, by any way up, under itself.
 * @param parents - every service's parent, by id
 */
export function mayBelongTo(id: string, parentId: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  // A chain longer than the number of services turns in a circle that was there before.
  let above: string | undefined = parentId
  for (let steps = 0; above !== undefined && steps <= parents.size; steps += 1) {
    if (above === id) return false
    above = parents.get(above)
  }
  return above === undefined
}
