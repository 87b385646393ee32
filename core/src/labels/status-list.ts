import { deflateSync, inflateSync } from 'node:zlib'
import { Type, type Static } from '@sinclair/typebox'
import { readEnvelope, type Envelope } from './dsse.ts'
import { PlatformError } from '../errors.ts'
import { labelFault } from './label-fault.ts'
import { Moment } from './moment.ts'
import { documentIn } from './signed-document.ts'
import { requireRole, type TrustRoot } from './trust-root.ts'

/** Payload type of a status list. */
export const STATUS_TYPE = 'application/vnd.liberacces.label-status+json'

/** What two bits say, by their value, as in the Token Status List of the IETF: its VALID, INVALID, SUSPENDED, and the one left to applications. */
export const LABEL_STATES = ['valid', 'revoked', 'suspended', 'superseded'] as const
/** How a label stands. */
export type LabelState = (typeof LABEL_STATES)[number]

const Change = Type.Object({
  idx: Type.Integer({ minimum: 0 }),
  state: Type.Union(LABEL_STATES.map((state) => Type.Literal(state))),
  /** Code of the reason. */
  reason: Type.String({ pattern: '^[a-z][a-z-]{2,40}$' }),
  note: Type.Optional(Type.String({ maxLength: 2_000 })),
  at: Moment,
  /** When a revoked release is put out of service where it runs; the certifier gave notice until then. */
  disableAt: Type.Optional(Moment),
  /** Where the vendor may object. */
  appeal: Type.String({ pattern: '^(https://|mailto:)', maxLength: 300 }),
})

/** Every label that a certifier gave, by its place, how each stands, and every change that there was. */
export const StatusListSchema = Type.Object({
  type: Type.Literal('status'),
  uri: Type.String({ pattern: '^https://', maxLength: 300 }),
  version: Type.Integer({ minimum: 1 }),
  issued: Moment,
  /** At the place of its index: what the label was given to. A place is never used again. */
  labels: Type.Array(Type.Object({ sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }), plugin: Type.String({ maxLength: 100 }), version: Type.String({ maxLength: 100 }) }), { maxItems: 100_000 }),
  status_list: Type.Object({ bits: Type.Literal(2), lst: Type.String({ pattern: '^[A-Za-z0-9_-]*$', maxLength: 1_000_000 }) }),
  /** Oldest first; only ever added to. */
  history: Type.Array(Change, { maxItems: 200_000 }),
})

/** One change of how a label stands. */
export type StatusChange = Static<typeof Change>
/** What is signed. */
export type StatusListDocument = Static<typeof StatusListSchema>

/** A status list that enough officers signed, and that agrees with itself. */
export interface StatusList extends StatusListDocument {
  readonly envelope: Envelope
  readonly states: readonly LabelState[]
  /** Id of the root whose keys signed it: it tells of labels of that certifier alone. */
  readonly rootId: string
  /** Its root has since withdrawn keys that signed it. What it revoked stays revoked, and a newer one must go on from it; that a label is good it tells no more. */
  readonly isWithdrawn: boolean
}

/** States packed as the Token Status List asks: two bits each, the lowest first, compressed (zlib), base64url. */
export function packStates(states: readonly LabelState[]): string {
  const bytes = Buffer.alloc(Math.ceil(states.length / 4))
  states.forEach((state, index) => { bytes[index >> 2] = (bytes[index >> 2] ?? 0) | (LABEL_STATES.indexOf(state) << ((index & 3) * 2)) })
  return deflateSync(bytes, { level: 9 }).toString('base64url')
}

/** The other way round. @throws PlatformError `LABEL_INVALID` */
export function unpackStates(text: string, count: number): readonly LabelState[] {
  const length = Math.ceil(count / 4)
  let bytes: Buffer
  try {
    bytes = inflateSync(Buffer.from(text, 'base64url'), { maxOutputLength: Math.max(length, 1) + 1 })
  } catch (cause) {
    throw unsound(`its states cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, cause)
  }
  if (bytes.length !== length) throw unsound(`it has states for other than its ${count} labels`)
  return Array.from({ length: count }, (_, index) => LABEL_STATES[((bytes[index >> 2] ?? 0) >> ((index & 3) * 2)) & 3] ?? 'revoked')
}

/** How each label stands by a history. @throws PlatformError `LABEL_INVALID` when it speaks of a label that there is not, or revives a revoked one */
export function statesBy(history: readonly StatusChange[], count: number): readonly LabelState[] {
  const states = Array.from<LabelState>({ length: count }).fill('valid')
  for (const { idx, state } of history) {
    const before = states[idx]
    if (before === undefined) throw unsound(`its history speaks of label ${idx}, which was never given`)
    if (before === 'revoked') throw unsound(`its history changes label ${idx} after it was revoked`)
    states[idx] = state
  }
  return states
}

/**
 * Reads a status list: signed by enough officers, its bits and its history one truth.
 * @throws PlatformError `LABEL_INVALID`, `LABEL_SIGNATURES`
 */
export function readStatusList(bytes: Uint8Array, root: TrustRoot): StatusList {
  const envelope = readEnvelope(bytes, WHAT)
  const list = documentIn(envelope, STATUS_TYPE, StatusListSchema, WHAT)
  requireRole(envelope, root, 'status', WHAT)
  return { ...list, envelope, states: statesOfDocument(list), rootId: root.id, isWithdrawn: false }
}

/**
 * Reads a list that was verified when it came in, by the root as it was then.
 * @throws PlatformError `LABEL_INVALID`
 */
export function readKnownList(bytes: Uint8Array, root: TrustRoot): StatusList {
  const envelope = readEnvelope(bytes, WHAT)
  const list = documentIn(envelope, STATUS_TYPE, StatusListSchema, WHAT)
  return underRoot({ ...list, envelope, states: statesOfDocument(list), rootId: root.id, isWithdrawn: false }, root)
}

/** A known list as it stands under a newer root of its certifier. */
export function underRoot(list: StatusList, root: TrustRoot): StatusList {
  try {
    requireRole(list.envelope, root, 'status', WHAT)
    return { ...list, isWithdrawn: false }
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'LABEL_SIGNATURES') return { ...list, isWithdrawn: true }
    throw error
  }
}

/** How the labels of a list stand. @throws PlatformError `LABEL_INVALID` when its bits and its history differ */
export function statesOfDocument({ status_list: { lst }, labels, history }: StatusListDocument): readonly LabelState[] {
  const states = unpackStates(lst, labels.length)
  const told = statesBy(history, labels.length)
  const differing = states.findIndex((state, index) => state !== told[index])
  if (differing >= 0) throw unsound(`label ${differing} is ${states[differing]} by its bits, ${told[differing]} by its history`)
  return states
}

/**
 * A newer list must hold all that an older one held: nothing is taken back, no index given twice.
 * @throws PlatformError `LABEL_LIST_REFUSED`
 */
export function requireContinuation(known: StatusListDocument, next: StatusListDocument): void {
  const refuse = (why: string): never => { throw labelFault('LABEL_LIST_REFUSED', `The status list of ${next.uri} ${why}.`, 'Get the newest one from the certifier; if that is it, ask the certifier.') }
  if (next.uri !== known.uri) refuse(`is another one than ${known.uri}`)
  if (next.version < known.version) refuse(`is version ${next.version}; version ${known.version} is known already`)
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
  if (next.version === known.version && !(same(next.labels, known.labels) && same(next.history, known.history) && next.issued === known.issued)) refuse(`exists in two different forms of version ${next.version}`)
  if (next.issued < known.issued) refuse(`was issued before the one that is known (${known.issued})`)
  if (!same(next.labels.slice(0, known.labels.length), known.labels)) refuse('gives a place to another label than before')
  if (!same(next.history.slice(0, known.history.length), known.history)) refuse('has lost changes that the one before it told')
}

/** The last change of a label, if there was one. */
export function lastChange({ history }: Pick<StatusListDocument, 'history'>, idx: number): StatusChange | undefined {
  return history.findLast((change) => change.idx === idx)
}

const WHAT = 'The status list'

function unsound(why: string, cause?: unknown): Error {
  return labelFault('LABEL_INVALID', `${WHAT} is not what it should be: ${why}.`, 'Get it again from the certifier.', cause)
}
