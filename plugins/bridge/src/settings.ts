import { LongText, Secret, Type } from '@liberacces/sdk'
import fr from '../messages/fr.json' with { type: 'json' }

/** Where the bus of the collectivité is, and who we are there. */
export const Settings = Type.Object({
  /** Without a host nothing is connected. */
  host: Type.String({ pattern: '^$|^[A-Za-z0-9.:-]{1,253}$', default: '', title: fr['field.host'], examples: ['bus.partenaire.example'] }),
  port: Type.Integer({ minimum: 1, maximum: 65_535, default: 5671, title: fr['field.port'] }),
  tls: Type.Boolean({ default: true, title: fr['field.tls'] }),
  /** Authorities to trust instead of the machine's, in PEM. */
  ca: Type.Optional(LongText({ maxLength: 20_000, title: fr['field.ca'] })),
  vhost: Type.String({ maxLength: 200, default: '/', title: fr['field.vhost'] }),
  user: Type.String({ maxLength: 200, default: '', title: fr['field.user'] }),
  password: Type.Optional(Secret({ title: fr['field.password'] })),
  /** Exchange for messages that cannot be understood; without it they go where their queue says. */
  deadLetters: Type.String({ maxLength: 200, default: '', title: fr['field.deadLetters'] }),
})
