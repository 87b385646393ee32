import { Type } from '@liberacces/sdk'
import fr from '../messages/fr.json' with { type: 'json' }

/** What the administrator of a collectivité decides. Titles are the French messages, for lists that know no others. */
export const Settings = Type.Object({
  /** Articles on the Guichet's home page. */
  homeCount: Type.Integer({ minimum: 1, maximum: 12, default: 3, title: fr['field.homeCount'] }),
  /** Author of the feed; without it the collectivité's name. */
  feedAuthorName: Type.Optional(Type.String({ minLength: 1, maxLength: 150, title: fr['field.feedAuthorName'] })),
  feedAuthorEmail: Type.Optional(Type.String({ format: 'email', title: fr['field.feedAuthorEmail'] })),
  /** Days that an article published without an end stays visible; without it, for good. */
  lifetimeDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650, title: fr['field.lifetimeDays'] })),
})
