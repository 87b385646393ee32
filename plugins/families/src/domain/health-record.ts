/** What is known of a child's health, and what of it is shown where. Pure. */
import type { Allergen } from './allergens.ts'

/** Where parts of a record may be shown. Each has a message `field.shownOn.<purpose>`. */
export const HEALTH_PURPOSES = ['children', 'attendance', 'meal-order'] as const
/** One of them. */
export type HealthPurpose = (typeof HEALTH_PURPOSES)[number]

/** Projet d'accueil individualisé: what a child needs because of its health, as agreed with doctor and school. */
export interface Pai {
  readonly firstDay: string
  /** Last day on which it holds; without one until it is taken back. */
  readonly lastDay?: string | undefined
  readonly treatment?: string | undefined
  /** Id of the sealed protocol among the plugin's files, and its name. */
  readonly protocolId?: string | undefined
  readonly protocolName?: string | undefined
}

/** The health record (fiche sanitaire) of a child. It is kept sealed, all of it. */
export interface HealthRecord {
  readonly allergens: readonly Allergen[]
  readonly pai?: Pai | undefined
  /** One line for those on the spot. */
  readonly note?: string | undefined
  readonly doctor?: string | undefined
  /** For which lists allergens, PAI and note are given out. */
  readonly shownOn: readonly HealthPurpose[]
}

/** Nothing known, nothing shown. */
export const NO_RECORD: HealthRecord = { allergens: [], shownOn: [] }

/** Whether a PAI is in force. */
export function paiHolds(record: HealthRecord, day: string): boolean {
  return record.pai !== undefined && record.pai.firstDay <= day && (record.pai.lastDay === undefined || day <= record.pai.lastDay)
}

/** What a list with a purpose may show; `undefined` where nothing was flagged for it or there is nothing to say. A kitchen gets allergens only with a PAI. */
export function flagFor(record: HealthRecord, purpose: HealthPurpose, day: string): { readonly pai: boolean; readonly allergens: readonly Allergen[]; readonly note?: string } | undefined {
  if (!record.shownOn.includes(purpose)) return undefined
  const pai = paiHolds(record, day)
  const allergens = purpose === 'meal-order' && !pai ? [] : record.allergens
  if (!pai && allergens.length === 0 && record.note === undefined) return undefined
  // A kitchen cooks; what to do on the spot is for those who look after the child.
  return { pai, allergens, ...(record.note === undefined || purpose === 'meal-order' ? {} : { note: record.note }) }
}
