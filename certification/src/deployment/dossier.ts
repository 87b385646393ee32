import { Type, type Static } from '@liberacces/sdk'

/** Payload type of a dossier. */
export const DOSSIER_TYPE = 'application/vnd.liberacces.deployment-dossier+json'

const Text = Type.String({ maxLength: 500 })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

/** What a company says of itself; whoever signs the dossier vouches for it. */
export const CompanySchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  siren: Type.String({ pattern: '^\\d{9}$' }),
  /** People who passed the practical test. */
  people: Type.Array(Type.Object({ name: Text, passedOn: Day }, { additionalProperties: false }), { maxItems: 50 }),
  /** The deployment that is looked at, and which local authority checked it. */
  reference: Type.Optional(Type.Object({ collectivite: Text, checkedBy: Text, checkedOn: Day }, { additionalProperties: false })),
  support: Type.Optional(Type.Object({ contact: Text, hours: Text, answerWithinHours: Type.Integer({ minimum: 1, maximum: 720 }) }, { additionalProperties: false })),
  security: Type.Optional(Type.Object({ contact: Text, noticeWithinHours: Type.Integer({ minimum: 1, maximum: 720 }) }, { additionalProperties: false })),
  reversibility: Type.Optional(Type.Object({ plan: Text, rehearsedOn: Day }, { additionalProperties: false })),
  restoreDrill: Type.Optional(Type.Object({ on: Day, minutes: Type.Integer({ minimum: 1 }), report: Text }, { additionalProperties: false })),
  accessibilityAudit: Type.Optional(Type.Object({ on: Day, by: Text, ratePercent: Type.Number({ minimum: 0, maximum: 100 }) }, { additionalProperties: false })),
  sso: Type.Optional(Text),
  monitoring: Type.Optional(Text),
}, { additionalProperties: false })

/** {@link CompanySchema}, parsed. */
export type Company = Static<typeof CompanySchema>

/** One thing that was looked at from outside. */
const Observation = Type.Object({ id: Type.String({ maxLength: 40 }), ok: Type.Boolean(), what: Type.String({ maxLength: 1_000 }) })

/** Everything that was gathered about one deployment, at one moment. */
export const DossierSchema = Type.Object({
  format: Type.Literal('liberacces-dossier/1'),
  url: Type.String({ maxLength: 300 }),
  at: Type.String({ maxLength: 40 }),
  company: CompanySchema,
  observations: Type.Array(Observation, { maxItems: 200 }),
  /** What the platform said of itself; absent where nobody had a token. */
  evidence: Type.Optional(Type.Object({
    format: Type.Literal('liberacces-evidence/1'),
    at: Type.String({ maxLength: 40 }),
    platform: Type.Object({ version: Text }),
    plugins: Type.Array(Type.Object({
      id: Text, version: Text, tenants: Type.Integer(), shipped: Type.Boolean(),
      label: Type.Optional(Type.Object({ grade: Text, state: Text, notAfter: Text, root: Type.Optional(Type.Object({ id: Text, fingerprint: Text })), problem: Type.Optional(Type.Object({ code: Text, message: Type.String({ maxLength: 2_000 }) })), change: Type.Optional(Type.Object({ at: Text, reason: Text })) })),
    }), { maxItems: 1_000 }),
    register: Type.Object({ plugins: Type.Integer(), stores: Type.Integer(), incomplete: Type.Array(Text, { maxItems: 10_000 }) }),
    backup: Type.Optional(Type.Object({ at: Text })),
    rehearsal: Type.Optional(Type.Object({ at: Text, plugin: Text, to: Text, done: Type.Integer(), failed: Type.Integer() })),
    accessibility: Type.Object({ tenants: Type.Integer(), withContact: Type.Integer() }),
    sso: Type.Object({ configured: Type.Boolean() }),
    monitoring: Type.Object({ tracing: Type.Boolean(), mail: Type.Boolean() }),
  })),
})

/** {@link DossierSchema}, parsed. */
export type Dossier = Static<typeof DossierSchema>
export type Observed = Static<typeof Observation>
