import { foldText } from '@liberacces/sdk'
import { checked, type Checked, type Problem } from './checked.ts'
import { parseEmail, parsePhone } from './contact.ts'
import { oneLine, severalLines } from './one-line.ts'

/** An association of the collectivité's territory. */
export interface Association {
  readonly name: string
  /** Number in the répertoire national des associations. */
  readonly rna: string | undefined
  readonly purpose: string
  readonly website: string | undefined
  /** The person to talk to. */
  readonly contactName: string
  readonly contactEmail: string | undefined
  readonly contactPhone: string | undefined
  /** Whether the contact is shown to the public, or to agents only. */
  readonly contactPublic: boolean
}

/** An association as typed. */
export interface AssociationDraft {
  readonly name: string
  readonly rna: string
  readonly purpose: string
  readonly website: string
  readonly contactName: string
  readonly contactEmail: string
  readonly contactPhone: string
  readonly contactPublic: boolean
}

/** Fields that {@link checkAssociation} may complain about. */
export type AssociationField = Exclude<keyof AssociationDraft, 'contactPublic'>

/** Longest accepted texts, in characters. */
export const ASSOCIATION_LIMITS = { name: 160, purpose: 2000, website: 300, contactName: 120 } as const

/**
 * An RNA number as it is stored: `W` and nine digits, where the second and third place may be `2A`, `2B` (Corsica) or
 * `9` and a letter (overseas). Accepts spaces and lower case. `undefined` where the text is none.
 */
export function parseRna(text: string): string | undefined {
  const rna = text.replace(/\s/g, '').toUpperCase()
  return /^W(\d{2}|2[AB]|9[A-Z])\d{7}$/.test(rna) ? rna : undefined
}

/** A web address: http or https, with a dotted host and no credentials. `undefined` for anything else. */
export function parseWebsite(text: string): string | undefined {
  const typed = text.trim()
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed}`)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined
  return url.hostname.includes('.') && url.username === '' && url.password === '' ? url.href : undefined
}

/** Checks and tidies what was typed. */
export function checkAssociation(draft: AssociationDraft): Checked<Association, AssociationField> {
  const problems: { [Field in AssociationField]?: Problem } = {}
  const optional = (field: AssociationField, parse: (text: string) => string | undefined, problem: Problem): string | undefined => {
    const typed = draft[field].trim()
    const value = typed === '' ? undefined : parse(typed)
    if (typed !== '' && value === undefined) problems[field] = problem
    return value
  }
  const association: Association = {
    name: oneLine(draft.name),
    rna: optional('rna', parseRna, 'rna'),
    purpose: severalLines(draft.purpose),
    website: optional('website', parseWebsite, 'url'),
    contactName: oneLine(draft.contactName),
    contactEmail: optional('contactEmail', parseEmail, 'email'),
    contactPhone: optional('contactPhone', parsePhone, 'phone'),
    contactPublic: draft.contactPublic,
  }
  if (foldText(association.name) === '') problems.name = 'required'
  for (const [field, limit] of Object.entries(ASSOCIATION_LIMITS) as [keyof typeof ASSOCIATION_LIMITS, number][]) {
    if ((association[field] ?? '').length > limit) problems[field] = 'too-long'
  }
  return checked(association, problems)
}

/** What searches look at. The contact is left out: it may be internal. */
export function associationSearchText(association: Pick<Association, 'name' | 'purpose'>): string {
  return foldText(`${association.name} ${association.purpose}`)
}
