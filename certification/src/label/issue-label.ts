import { createHash } from 'node:crypto'
import {
  archiveDigests, digestOf, GRADES, hasRunOut, IN_TOTO_TYPE, LABEL_NAME, LABEL_PREDICATE, STATEMENT_TYPE, subjectName, writeEnvelope,
  type Grade, type LabelStatement, type StatusListDocument, type TrustRoot,
} from '@liberacces/core'
import { isWithin } from '../harness/verdict.ts'
import type { CertifyReport } from './certify-report.ts'
import { nextStatusList, signStatusList } from './change-status.ts'
import type { Decisions } from './decisions.ts'
import { LabelError } from './label-error.ts'
import { labelEnd } from './label-end.ts'
import { addressesOf } from './make-root.ts'
import { moment } from './moment.ts'
import type { OfficerKey } from './officer-key.ts'
import { signDocument } from './sign-envelope.ts'
import { hexOf, testResultOf } from './test-result.ts'

/** What a label is made from. */
export interface LabelPlan {
  readonly archive: Uint8Array
  readonly report: CertifyReport
  readonly decisions?: Decisions
  readonly vendor: string
  readonly root: TrustRoot
  /** The newest list; it is given back with one more label. */
  readonly status: StatusListDocument
  /** @defaultValue `~x.y.0` of the kernel */
  readonly kernelRange?: string
  readonly sbom?: Uint8Array
  readonly keys: readonly OfficerKey[]
  readonly now: number
}

/** A label, and what belongs to it. Whether it has signatures enough is for `verifyLabel` to say. */
export interface IssuedLabel {
  readonly statement: LabelStatement
  readonly label: Buffer
  readonly status: Buffer
  readonly testResult: Buffer
}

/**
 * Makes a label of a report, gives it its place in the status list, and signs both. A label of the same archive that there was before is superseded.
 * @throws LabelError when the report is of another archive, or does not hold
 */
export function issueLabel({ archive, report, decisions = {}, vendor, root, status, kernelRange, sbom, keys, now }: LabelPlan): IssuedLabel {
  const { plugin: { id, version, digest }, seed, catalogue, harness, platform: kernel } = report
  if (digest !== digestOf(archive)) throw new LabelError(`The report is of an archive with ${digest}; this one has ${digestOf(archive)}.`, 'Run the harness on this very archive, and give that report.')
  const grade = requireVerdict(report, decisions, now)
  const catalogueSha256 = hexOf(catalogue.digest)
  const { verifier } = addressesOf(root.id)
  const { sha256, sha512 } = archiveDigests(archive)
  const testResult = Buffer.from(`${JSON.stringify(testResultOf(report, sha256), null, 2)}\n`)
  const statement: LabelStatement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: subjectName(id, version), digest: { sha256, sha512 } }],
    predicateType: LABEL_PREDICATE,
    predicate: {
      verifier: { id: verifier }, timeCreated: moment(now),
      policies: [{ uri: `${root.id}/catalogue/${catalogue.version}`, digest: { sha256: catalogueSha256 } }],
      properties: [LABEL_NAME, `grade:${grade}`],
      label: LABEL_NAME, grade, plugin: { id, version }, vendor,
      kernelRange: kernelRange ?? `~${kernel.split('.').slice(0, 2).join('.')}.0`,
      testedMatrix: [{ kernel, node: process.versions.node, database: 'sqlite' }],
      catalogue: { version: catalogue.version, digest: { sha256: catalogueSha256 } }, harness: { version: harness.version, digest: { sha256: hexOf(harness.digest) } }, seed,
      notBefore: moment(now), notAfter: labelEnd(kernel),
      status: { uri: status.uri, idx: status.labels.length },
      waivers: [...report.waivers, ...decisions.waivers ?? []], skipped: report.checks.filter(({ status: came, level }) => came === 'skip' && isWithin(level, grade)).map(({ id: check }) => check), reviews: decisions.reviews ?? [],
      inputAttestations: [{ kind: 'test-result', digest: { sha256: sha256Of(testResult) } }, ...(sbom === undefined ? [] : [{ kind: 'cyclonedx', digest: { sha256: sha256Of(sbom) } }])],
    },
  }
  const renewed = status.labels.flatMap((label, idx) => (label.sha256 === sha256 ? [idx] : []))
  const known = new Set(status.history.filter(({ state }) => state === 'revoked' || state === 'superseded').map(({ idx }) => idx))
  const next = nextStatusList(status, now, {
    label: { sha256, plugin: id, version },
    changes: renewed.filter((idx) => !known.has(idx)).map((idx) => ({ idx, state: 'superseded' as const, reason: 'renewed', at: moment(now), appeal: addressesOf(root.id).appeal })),
  })
  return { statement, label: writeEnvelope(signDocument(IN_TOTO_TYPE, statement, keys)), status: signStatusList(next, keys), testResult }
}

/** Gates that have something to look at in every plugin; in a browser there is nothing to see of one without pages. */
const NEVER_SKIPPED = ['package', 'static', 'kernel'] as const

/** The grade that a report was made for, once everything open in it is settled. */
function requireVerdict({ plugin: { id, version }, verdict, grade, checks, troubles, only, baseline, waivers: spared }: CertifyReport, { reviews = [], waivers = [] }: Decisions, now: number): Grade {
  const what = `${id} ${version}`
  if (only !== undefined) throw new LabelError(`The report on ${what} is of some checks only.`, 'Run the harness without --only.')
  if (baseline !== undefined) throw new LabelError(`The report on ${what} spares what a baseline holds.`, 'Run the harness without --baseline: a label knows none.')
  const erred = checks.filter(({ status }) => status === 'error')
  if (verdict === 'error' || troubles.length > 0 || erred.length > 0) throw new LabelError(`The harness itself failed on ${what}${erred.length === 0 ? '' : ` in ${erred.map((each) => each.id).join(', ')}`}.`, 'Run it again; a label needs a verdict.')
  const missing = NEVER_SKIPPED.filter((gate) => checks.some((check) => check.gate === gate) && checks.every((check) => check.gate !== gate || check.status === 'skip'))
  if (missing.length > 0) throw new LabelError(`Not one check of the gate ${missing.join(', ')} could be run on ${what}.`, 'The report says why; mend that, and run the harness again.')
  for (const { check } of [...spared, ...waivers]) {
    const waived = checks.find(({ id: of }) => of === check)
    if (waived === undefined) throw new LabelError(`A waiver is of ${check}, which the report does not have.`, 'See `liberacces-certify list`.')
    if (waived.forLabel === true) throw new LabelError(`A waiver is of ${check}, which every label asks for.`, 'Have the plugin mended.')
    if (waived.level === 'bronze') throw new LabelError(`A waiver is of ${check}, which bronze asks for: safety cannot be waived.`, 'Have the plugin mended.')
  }
  const blocking = checks.filter(({ blocks }) => blocks)
  const isNamed = (list: readonly { readonly check: string }[], check: string): boolean => list.some((each) => each.check === check)
  const failed = blocking.filter((check) => check.status === 'fail' && !isNamed(waivers, check.id))
  if (failed.length > 0) throw new LabelError(`${what} is not compatible: ${failed.map((each) => each.id).join(', ')}.`, 'Mend what the report says, pack it anew, and run the harness again.')
  const unfinished = checks.filter((check) => check.forLabel === true && check.status === 'fail')
  if (unfinished.length > 0) throw new LabelError(`${what} is not ready for a label of any grade: ${unfinished.map((each) => each.id).join(', ')}.`, 'The report says what is left of an example; have it mended, pack it anew, and run the harness again.')
  const over = [...spared, ...waivers].filter((waiver) => hasRunOut(waiver, moment(now)))
  if (over.length > 0) throw new LabelError(`The waiver of ${over.map(({ check }) => check).join(', ')} has run out.`, 'Decide again, or mend what it waived.')
  const open = blocking.filter((check) => check.status === 'review' && !isNamed(reviews, check.id))
  if (open.length > 0) throw new LabelError(`A person must settle ${open.map((each) => each.id).join(', ')} first.`, 'Write it into a file and give it with --decisions FILE: { "reviews": [{ "check", "finding", "by" }] }.', 3)
  const unseen = blocking.filter(({ status }) => status === 'skip')
  if (unseen.length > 0) throw new LabelError(`Nobody has looked at ${what}: ${unseen.map((each) => each.id).join(', ')} had no ground.`, 'Run the harness again with what its report says is missing.')
  const bare = GRADES.slice(0, GRADES.indexOf(grade) + 1).find((level) => !checks.some((check) => check.level === level && (check.status === 'pass' || isNamed(reviews, check.id))))
  if (bare !== undefined) throw new LabelError(`Not one check of the grade ${bare} passed on ${what}.`, 'Run the harness with all its gates.')
  return grade
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
