import { Secret, Type } from '@liberacces/sdk'
import fr from '../messages/fr.json' with { type: 'json' }

/** What the administrator of a collectivité decides: without an address nothing is handed over, and everything waits. */
export const Settings = Type.Object({
  /** Where the application answers; reports go to `<address>/reports`. */
  serverUrl: Type.Optional(Type.String({ format: 'uri', pattern: '^https://', maxLength: 500, title: fr['field.serverUrl'] })),
  serverKey: Type.Optional(Secret({ title: fr['field.serverKey'] })),
})
