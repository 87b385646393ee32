import type { RegisterEntry } from './register-entry.ts'

/** States as people read them. */
export const STATES_IN_FRENCH: Readonly<Record<RegisterEntry['state'], string>> = { valid: 'valide', suspended: 'suspendu', revoked: 'révoqué', superseded: 'remplacé', ended: 'terminé' }

const REASONS: Readonly<Record<string, string>> = {
  'security': 'faille de sécurité', 'privacy': 'protection des données', 'vendor-request': 'demande de l’éditeur', 'living-label': 'échec d’un nouvel essai', 'renewed': 'label renouvelé', 'cleared': 'motif levé',
}

/** The code of a reason as people read it; one that a certifier made up stays as it is. */
export function reasonInFrench(code: string): string {
  return REASONS[code] ?? code
}

/** What people call an application; its id where only that is known. */
export function nameOf({ id, title }: Pick<RegisterEntry, 'id' | 'title'>): string {
  return title ?? id
}
