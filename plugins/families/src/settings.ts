import { Choice, Secret, Type } from '@liberacces/sdk'

/** What the administrator sets. Without a token no quotient familial is asked for: agents type it in. */
export const Settings = Type.Object({
  apiEnvironment: Choice(['production', 'staging'], { default: 'production', title: 'API Particulier', examples: ['production', 'staging'] }),
  apiToken: Type.Optional(Secret({ title: 'Jeton d’API Particulier', examples: ['jeton-de-demonstration'] })),
  /** SIRET of the collectivité, the `recipient` of each request. */
  siret: Type.Optional(Type.String({ pattern: '^[0-9]{14}$', title: 'SIRET de la collectivité', examples: ['13002526500013'] })),
})
