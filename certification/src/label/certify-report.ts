import { misfit, WaiverSchema } from '@liberacces/core'
import { Type, type Static } from '@liberacces/sdk'
import { LabelError } from './label-error.ts'

const Digest = Type.String({ pattern: '^sha256-[A-Za-z0-9+/]{43}=$' })
const Status = Type.Union(['pass', 'fail', 'skip', 'error', 'review'].map((each) => Type.Literal(each)))
const Grade = Type.Union([Type.Literal('bronze'), Type.Literal('silver'), Type.Literal('gold')])

/** What the label needs of the harness's JSON report. */
export const CertifyReportSchema = Type.Object({
  plugin: Type.Object({ id: Type.String({ maxLength: 100 }), version: Type.String({ maxLength: 100 }), digest: Type.String({ pattern: '^sha256-' }) }),
  verdict: Type.Union(['pass', 'fail', 'error', 'review'].map((each) => Type.Literal(each))),
  grade: Grade,
  seed: Type.Integer(),
  harness: Type.Object({ version: Type.String({ maxLength: 50 }), digest: Digest }),
  inputs: Type.Array(Type.Object({ name: Type.String({ maxLength: 40 }), digest: Digest }), { maxItems: 100 }),
  catalogue: Type.Object({ version: Type.String({ maxLength: 50 }), digest: Digest }),
  platform: Type.String({ maxLength: 50 }),
  troubles: Type.Array(Type.Unknown()),
  only: Type.Optional(Type.Array(Type.String())),
  baseline: Type.Optional(Type.Unknown()),
  waivers: Type.Array(WaiverSchema),
  checks: Type.Array(Type.Object({ id: Type.String({ maxLength: 40 }), status: Status, level: Grade, gate: Type.String({ maxLength: 40 }), blocks: Type.Boolean(), forLabel: Type.Optional(Type.Boolean()), spared: Type.Optional(Type.String()) })),
})

/** {@link CertifyReportSchema}, parsed. */
export type CertifyReport = Static<typeof CertifyReportSchema>

/** Reads a report that `--format json` wrote. @throws LabelError */
export function readCertifyReport(text: string, name: string): CertifyReport {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new LabelError(`${name} is no JSON.`, 'Give the report that `liberacces-certify PATH --format json` wrote.', 2, { cause })
  }
  const wrong = misfit(CertifyReportSchema, value)
  if (wrong !== undefined) throw new LabelError(`${name} is no report of the harness: ${wrong}.`, 'Give the report that `liberacces-certify PATH --format json` wrote.', 2)
  return value as CertifyReport
}
