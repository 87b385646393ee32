import type { RegisterEntry } from './register-entry.ts'

/** States as people read them. */
export const STATES_IN_FRENCH: Readonly<Record<RegisterEntry['state'], string>> = { valid: 'valide', suspended: 'suspendu', revoked: 'révoqué', superseded: 'remplacé', ended: 'terminé' }

/** A day as people write it, in UTC like the documents themselves. */
export function dayInFrench(moment: string): string {
  return new Date(moment).toLocaleDateString('fr-FR', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}
