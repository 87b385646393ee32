import { Type } from '@liberacces/sdk'
import fr from '../messages/fr.json' with { type: 'json' }

/** What the administrator of a collectivité decides. */
export const Settings = Type.Object({
  /** Longest wait for an answer, in seconds. */
  timeoutSeconds: Type.Integer({ minimum: 1, maximum: 30, default: 15, title: fr['field.timeoutSeconds'] }),
  /** An endpoint that took nothing for so many days is switched off. */
  disableAfterDays: Type.Integer({ minimum: 1, maximum: 30, default: 5, title: fr['field.disableAfterDays'] }),
  /** What was sent, and what came in, is kept on record for so many days. */
  keepDays: Type.Integer({ minimum: 1, maximum: 365, default: 30, title: fr['field.keepDays'] }),
  /** Contracts that may come in as CloudEvents; none by default. */
  accepts: Type.Array(Type.String({ pattern: '^[a-z0-9.-]+/v[1-9][0-9]*$' }), { default: [], maxItems: 200, examples: [['fr.liberacces.certification.said/v1']], title: fr['field.accepts'] }),
})
