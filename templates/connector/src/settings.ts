import { Secret, Type } from '@liberacces/sdk'
import fr from '../messages/fr.json' with { type: 'json' }

/** What the administrator of a collectivité decides. The host is one that the plugin declares among its scopes; without their consent to it everything waits. */
export const Settings = Type.Object({
  /** Where the application answers; reports go to `<address>/reports`. */
  serverUrl: Type.String({ format: 'uri', pattern: '^https://voirie\\.example\\.org/', maxLength: 500, default: 'https://voirie.example.org/api', title: fr['field.serverUrl'] }),
  serverKey: Type.Optional(Secret({ title: fr['field.serverKey'] })),
})
