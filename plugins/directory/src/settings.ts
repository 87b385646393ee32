import { LongText, Type } from '@liberacces/sdk'

/** What the tenant's administrator decides. The titles show where no message of the plugin does. */
export const Settings = Type.Object({
  /** Whether the public sees the names of agents who did not object. */
  showAgents: Type.Boolean({ default: true, title: 'Montrer au public le nom des agents' }),
  /** From how many days before its last day a mandate is announced as ending, 1 to 365. */
  noticeDays: Type.Integer({ minimum: 1, maximum: 365, default: 90, title: 'Annoncer la fin des mandats (jours avant)' }),
  /** Shown at the top of the public directory. */
  contactText: Type.Optional(LongText({ maxLength: 500, title: 'Texte de contact' })),
})
