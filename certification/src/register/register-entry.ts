import semver from 'semver'
import { lastChange, readLabel, verifyLabel, type Grade, type LabelState, type StatusChange, type StatusList, type TrustRoot } from '@liberacces/core'
import type { TestResult } from '../label/test-result.ts'

/** One label in the register. */
export interface RegisterEntry {
  readonly id: string
  /** What people call it, in French, where the archive is there to say it. */
  readonly title?: string
  readonly version: string
  readonly vendor: string
  readonly grade: Grade
  readonly kernelRange: string
  /** ISO 8601. */
  readonly notBefore: string
  readonly notAfter: string
  readonly idx: number
  /** SHA-256 of the archive, hex. */
  readonly sha256: string
  readonly state: LabelState | 'ended'
  readonly changes: readonly StatusChange[]
  readonly waivers: readonly { readonly check: string; readonly reason: string; readonly expires: string; readonly signer: string }[]
  readonly reviews: readonly { readonly check: string; readonly finding: string; readonly by: string }[]
  readonly signers: readonly string[]
  readonly catalogue: string
  readonly seed: number
  readonly result?: TestResult['predicate']
  /** The label, as it was signed. */
  readonly label: Buffer
}

/**
 * What a signed label says, and how it stands today. One that ended or was revoked is an entry too: the register forgets nothing.
 * @param result - the report that it was made from, already compared with the label
 * @throws PlatformError what keeps it from being a label of this certifier at all
 */
export function registerEntry(label: Buffer, root: TrustRoot, list: StatusList, now: number, result?: TestResult): RegisterEntry {
  const { statement: { subject: [subject], predicate } } = readLabel(label)
  const digest = subject?.digest ?? { sha256: '', sha512: '' }
  // Whether it is genuine, and no more: as of its own first day, on a kernel that it is for.
  const { signers } = verifyLabel(label, {
    archive: digest, roots: [root], statusOf: () => undefined, policy: { require: 'none', statusMaxAgeDays: 365, onStale: 'warn' },
    kernel: semver.minVersion(predicate.kernelRange)?.version ?? '0.0.0', now: Date.parse(predicate.notBefore),
  })
  const { idx, uri } = predicate.status
  if (uri !== list.uri || list.labels[idx]?.sha256 !== digest.sha256) throw new Error(`The status list does not hold the label of ${predicate.plugin.id} ${predicate.plugin.version} at place ${idx}.`)
  const state = list.states[idx] ?? 'valid'
  const changes = list.history.filter((change) => change.idx === idx)
  return {
    ...predicate.plugin, vendor: predicate.vendor, grade: predicate.grade, kernelRange: predicate.kernelRange, notBefore: predicate.notBefore, notAfter: predicate.notAfter, idx, sha256: digest.sha256,
    state: state === 'valid' && now >= Date.parse(predicate.notAfter) ? 'ended' : state, changes: lastChange(list, idx) === undefined ? [] : changes,
    waivers: predicate.waivers, reviews: predicate.reviews, signers: signers.map((keyid) => root.keys[keyid]?.holder ?? keyid.slice(0, 16)),
    catalogue: predicate.catalogue.version, seed: predicate.seed, ...(result === undefined ? {} : { result: result.predicate }), label,
  }
}
