import { Type, type Static } from '@sinclair/typebox'
import { GRADES } from './grade.ts'
import { Moment } from './moment.ts'
import { WaiverSchema } from './waiver.ts'

/** Payload type of in-toto statements. */
export const IN_TOTO_TYPE = 'application/vnd.in-toto+json'
/** Type of in-toto statements. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
/** Type of what the label says. */
export const LABEL_PREDICATE = 'https://liberacces.fr/attestation/label/v1'
/** Name of the label. */
export const LABEL_NAME = 'Application compatible'

const Hex256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Sha256 = Type.Object({ sha256: Hex256 })

/**
 * What the label says of an archive: an in-toto statement. The predicate has the members of in-toto's SVR (verifier, timeCreated, policies,
 * properties) and what a label needs besides: an end, a place in a status list, and what the verdict was made from.
 */
export const LabelStatementSchema = Type.Object({
  _type: Type.Literal(STATEMENT_TYPE),
  subject: Type.Array(Type.Object({
    /** `pkg:generic/liberacces/<plugin id>@<version>` */
    name: Type.String({ pattern: '^pkg:generic/liberacces/[^@]+@.+$', maxLength: 300 }),
    digest: Type.Object({ sha256: Hex256, sha512: Type.String({ pattern: '^[0-9a-f]{128}$' }) }),
  }), { minItems: 1, maxItems: 1 }),
  predicateType: Type.Literal(LABEL_PREDICATE),
  predicate: Type.Object({
    verifier: Type.Object({ id: Type.String({ pattern: '^https://', maxLength: 200 }) }),
    timeCreated: Moment,
    policies: Type.Array(Type.Object({ uri: Type.String({ maxLength: 300 }), digest: Sha256 }), { maxItems: 10 }),
    properties: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 }),
    label: Type.Literal(LABEL_NAME),
    grade: Type.Union(GRADES.map((grade) => Type.Literal(grade))),
    plugin: Type.Object({ id: Type.String({ maxLength: 100 }), version: Type.String({ maxLength: 100 }) }),
    vendor: Type.String({ maxLength: 200 }),
    /** Which kernels it was tested for: a range of semver. */
    kernelRange: Type.String({ minLength: 1, maxLength: 200 }),
    testedMatrix: Type.Array(Type.Object({ kernel: Type.String({ maxLength: 50 }), node: Type.String({ maxLength: 50 }), database: Type.String({ maxLength: 50 }) }), { maxItems: 50 }),
    catalogue: Type.Object({ version: Type.String({ maxLength: 50 }), digest: Sha256 }),
    harness: Type.Object({ version: Type.String({ maxLength: 50 }), digest: Sha256 }),
    seed: Type.Integer(),
    notBefore: Moment,
    notAfter: Moment,
    status: Type.Object({ uri: Type.String({ pattern: '^https://', maxLength: 300 }), idx: Type.Integer({ minimum: 0, maximum: 100_000 }) }),
    waivers: Type.Array(WaiverSchema, { maxItems: 100 }),
    /** Checks of the grade that could not be run, or had nothing to look at: the label says nothing of what they ask. */
    skipped: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 500 })),
    /** What a person settled that no check can. */
    reviews: Type.Array(Type.Object({ check: Type.String({ maxLength: 40 }), finding: Type.String({ maxLength: 2_000 }), by: Type.String({ maxLength: 200 }) }), { maxItems: 100 }),
    inputAttestations: Type.Array(Type.Object({ kind: Type.String({ maxLength: 60 }), digest: Sha256 }), { maxItems: 20 }),
  }),
})

/** {@link LabelStatementSchema}, parsed. */
export type LabelStatement = Static<typeof LabelStatementSchema>

/** Name of the subject: a package URL. */
export function subjectName(id: string, version: string): string {
  return `pkg:generic/liberacces/${id}@${version}`
}
