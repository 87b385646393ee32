import { createHash } from 'node:crypto'
import semver from 'semver'
import { readEnvelope, type Envelope } from './dsse.ts'
import { isAtLeast, type Grade } from './grade.ts'
import { labelFault } from './label-fault.ts'
import type { LabelPolicy } from './label-policy.ts'
import { IN_TOTO_TYPE, LabelStatementSchema, subjectName, type LabelStatement } from './label-statement.ts'
import { documentIn } from './signed-document.ts'
import { lastChange, type LabelState, type StatusChange, type StatusList } from './status-list.ts'
import { requireRole, type TrustRoot } from './trust-root.ts'
import { hasRunOut } from './waiver.ts'

/** Digests of an archive, hex. */
export interface ArchiveDigests {
  readonly sha256: string
  readonly sha512: string
}

/** What a label is held against. */
export interface LabelGround {
  readonly archive: ArchiveDigests
  /** Roots of trust, by whatever way they came to be trusted. */
  readonly roots: readonly TrustRoot[]
  /** The newest list that is known of a certifier, by the id of its root, at an address. */
  readonly statusOf: (uri: string, rootId: string) => StatusList | undefined
  readonly policy: LabelPolicy
  /** Version of the kernel it is to run on. */
  readonly kernel: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** A label that holds. */
export interface VerifiedLabel {
  readonly statement: LabelStatement
  readonly root: TrustRoot
  readonly signers: readonly string[]
  readonly grade: Grade
  readonly state: LabelState
  /** The change that brought it into its state. */
  readonly change?: StatusChange
  /** What does not keep it from being valid, and should be known: sentences. */
  readonly warnings: readonly string[]
}

/** Reads a label and verifies nothing: for showing what it says. @throws PlatformError `LABEL_INVALID` */
export function readLabel(bytes: Uint8Array): { readonly envelope: Envelope; readonly statement: LabelStatement } {
  const envelope = readEnvelope(bytes, WHAT)
  return { envelope, statement: documentIn(envelope, IN_TOTO_TYPE, LabelStatementSchema, WHAT) }
}

/** Digests of an archive. */
export function archiveDigests(archive: Uint8Array): ArchiveDigests {
  return { sha256: createHash('sha256').update(archive).digest('hex'), sha512: createHash('sha512').update(archive).digest('hex') }
}

/**
 * Verifies a label offline, in this order: archive → signatures → who may speak for the verifier → dates → kernel → status → grade.
 * The first that fails is told.
 * @throws PlatformError `LABEL_INVALID`, `LABEL_DIGEST`, `LABEL_ROOT_UNKNOWN`, `LABEL_SIGNATURES`, `LABEL_SIGNER`, `LABEL_DATES`,
 * `LABEL_KERNEL`, `LABEL_STATUS_STALE`, `LABEL_REVOKED`, `LABEL_SUSPENDED`, `LABEL_GRADE`
 */
export function verifyLabel(label: Uint8Array, { archive, roots, statusOf, policy, kernel, now }: LabelGround): VerifiedLabel {
  const { envelope, statement } = readLabel(label)
  const { predicate, subject: [subject] } = statement
  const { id, version } = predicate.plugin
  if (subject?.digest.sha256 !== archive.sha256 || subject.digest.sha512 !== archive.sha512 || subject.name !== subjectName(id, version)) {
    throw labelFault('LABEL_DIGEST', `The label is for ${id} ${version} with SHA-256 ${subject?.digest.sha256 ?? 'none'}; this archive has ${archive.sha256}.`, 'Give the archive that was labelled, unchanged, or the label of this one.')
  }
  const root = rootOf(envelope, roots)
  const signers = requireRole(envelope, root, 'label', WHAT)
  const speakers = signers.filter((keyid) => root.verifiers[predicate.verifier.id]?.includes(keyid) === true)
  if (speakers.length < root.roles.label.threshold) {
    throw labelFault('LABEL_SIGNER', `The label speaks for ${predicate.verifier.id}; ${speakers.length} of those who signed it may, and ${root.roles.label.threshold} are needed.`, 'Ask the certifier: its officers signed for a verifier that is not theirs.')
  }
  const warnings: string[] = []
  requireDates(predicate, now)
  if (!semver.satisfies(kernel, predicate.kernelRange, { includePrerelease: true })) {
    throw labelFault('LABEL_KERNEL', `The label is for kernels ${predicate.kernelRange}; this one is ${kernel}.`, 'Get a release that is labelled for this kernel.')
  }
  const { state, change } = standing(statement, archive, statusOf(predicate.status.uri, root.id), policy, now, warnings)
  if (Date.parse(root.expires) <= now) stale(policy, `The root of trust of ${root.name} ran out on ${root.expires}.`, warnings)
  if (policy.require !== 'none' && !isAtLeast(predicate.grade, policy.require)) {
    throw labelFault('LABEL_GRADE', `The label is of the grade ${predicate.grade}; this Pool requires ${policy.require}.`, 'Get a release of that grade, or change the policy: `liberacces label policy --require …`.')
  }
  for (const waiver of predicate.waivers) if (hasRunOut(waiver, new Date(now).toISOString())) warnings.push(`The waiver of ${waiver.check} ran out after ${waiver.expires}.`)
  return { statement, root, signers: speakers, grade: predicate.grade, state, ...(change === undefined ? {} : { change }), warnings }
}

/** The root that knows a key that signed, if one does. */
export function rootKnowing({ signatures }: Envelope, roots: readonly TrustRoot[]): TrustRoot | undefined {
  return roots.find(({ keys }) => signatures.some(({ keyid }) => Object.hasOwn(keys, keyid)))
}

/**
 * The list that tells how a label stands: of its own certifier, or, where no root knows its keys (any more), one that has this very archive at its place.
 * @param sha256 - of the archive, hex
 */
export function listTelling({ envelope, statement: { predicate: { status: { uri, idx } } } }: ReturnType<typeof readLabel>, sha256: string, roots: readonly TrustRoot[], lists: readonly StatusList[]): StatusList | undefined {
  const root = rootKnowing(envelope, roots)
  return lists.find((list) => list.uri === uri && (root === undefined ? list.labels[idx]?.sha256 === sha256 : list.rootId === root.id))
}

/**
 * Refuses a label that is known to be revoked or suspended, whatever else is wrong with it.
 * @throws PlatformError `LABEL_REVOKED`, `LABEL_SUSPENDED`
 */
export function requireGoodStanding({ predicate: { status: { idx }, plugin } }: LabelStatement, list: StatusList | undefined): void {
  if (list === undefined) return
  const state = list.states[idx]
  if (state !== 'revoked' && state !== 'suspended') return
  const change = lastChange(list, idx)
  const why = whyOf(change)
  if (state === 'revoked') throw labelFault('LABEL_REVOKED', `The label of ${plugin.id} ${plugin.version} is revoked${why}.`, `Use another release. The vendor may object at ${change?.appeal ?? 'the certifier'}.`)
  throw labelFault('LABEL_SUSPENDED', `The label of ${plugin.id} ${plugin.version} is suspended${why}.`, 'Wait until the certifier has decided, then take in its newer status list, or use another release.')
}

function whyOf(change: StatusChange | undefined): string {
  return change === undefined ? '' : ` since ${change.at} (${change.reason}${change.note === undefined ? '' : `: ${change.note}`})`
}

function rootOf(envelope: Envelope, roots: readonly TrustRoot[]): TrustRoot {
  const root = rootKnowing(envelope, roots)
  const { signatures } = envelope
  if (root !== undefined) return root
  if (signatures.length === 0) throw labelFault('LABEL_SIGNATURES', 'The label has no signature.', 'It must be signed by the certifier\'s officers: `liberacces-certify label sign FILE --key KEY`.')
  throw labelFault('LABEL_ROOT_UNKNOWN', `The label is signed by keys of no root of trust that is trusted here${roots.length === 0 ? ' (none is)' : ''}.`, 'Get the root of trust of the certifier by a way that you trust, compare its fingerprint, and have it trusted: `liberacces label trust FILE`.')
}

function requireDates({ notBefore, notAfter }: LabelStatement['predicate'], now: number): void {
  if (now < Date.parse(notBefore)) throw labelFault('LABEL_DATES', `The label holds from ${notBefore} on; it is ${new Date(now).toISOString()} now.`, 'Wait until then, or set the clock of this machine right.')
  if (now >= Date.parse(notAfter)) throw labelFault('LABEL_DATES', `The label ended on ${notAfter}.`, 'Get a release that is labelled today, or the label of this one that was renewed.')
}

const DAY_MS = 86_400_000
/** How far clocks may differ. */
const SKEW_MS = DAY_MS

function standing(statement: LabelStatement, archive: ArchiveDigests, list: StatusList | undefined, policy: LabelPolicy, now: number, warnings: string[]): { readonly state: LabelState; readonly change: StatusChange | undefined } {
  const { status: { uri, idx }, plugin } = statement.predicate
  if (list === undefined) {
    stale(policy, `No status list of ${uri} is known here, so nobody knows whether the label was revoked.`, warnings)
    return { state: 'valid', change: undefined }
  }
  if (Date.parse(list.issued) > now + SKEW_MS) throw labelFault('LABEL_DATES', `The status list was issued on ${list.issued}; it is ${new Date(now).toISOString()} now.`, 'Set the clock of this machine right.')
  const change = lastChange(list, idx)
  const state = list.states[idx]
  // A list from before the label says nothing of it.
  if (state === undefined) stale(policy, `The status list that is known (version ${list.version}, ${list.issued}) does not hold the label yet.`, warnings)
  else if (list.labels[idx]?.sha256 !== archive.sha256) throw labelFault('LABEL_REVOKED', `Place ${idx} of the status list belongs to another archive than that of ${plugin.id} ${plugin.version}.`, 'Ask the certifier: a place is never given twice.')
  requireGoodStanding(statement, list)
  if (state === 'superseded') warnings.push(`A newer label took the place of this one${whyOf(change)}.`)
  if (list.isWithdrawn) stale(policy, `The newest status list that is known (version ${list.version}, ${list.issued}) is signed by keys that the certifier has withdrawn since.`, warnings)
  const ageDays = Math.floor((now - Date.parse(list.issued)) / DAY_MS)
  if (now - Date.parse(list.issued) > policy.statusMaxAgeDays * DAY_MS) stale(policy, `The newest status list that is known is ${ageDays} days old; ${policy.statusMaxAgeDays} are the most.`, warnings)
  return { state: state ?? 'valid', change }
}

function stale(policy: LabelPolicy, message: string, warnings: string[]): void {
  if (policy.onStale === 'block') throw labelFault('LABEL_STATUS_STALE', message, 'Bring a newer file of the certifier here: `liberacces label update FILE`.')
  warnings.push(message)
}

const WHAT = 'The label'
