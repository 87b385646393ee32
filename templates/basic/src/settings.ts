import { Type } from '@liberacces/sdk'
import fr from '../messages/fr.json' with { type: 'json' }

/** Longest time for which items may be kept, in days: three years. The declaration on personal data rests on it. */
export const MAX_DAYS_KEPT = 1_096

/** What the administrator of a collectivité decides. */
export const Settings = Type.Object({
  /** How long an item is kept after it was found, in days. A year and a day unless the local rules say otherwise. */
  daysKept: Type.Integer({ minimum: 1, maximum: MAX_DAYS_KEPT, default: 366, title: fr['field.daysKept'] }),
})
