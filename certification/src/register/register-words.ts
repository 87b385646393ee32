import type { RegisterEntry } from './register-entry.ts'

/** States as people read them. */
export const STATES_IN_FRENCH: Readonly<Record<RegisterEntry['state'], string>> = { valid: 'valide', suspended: 'suspendu', revoked: 'révoqué', superseded: 'remplacé', ended: 'terminé' }
