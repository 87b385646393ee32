import { packStates, STATUS_TYPE, statesBy, writeEnvelope, type LabelState, type StatusChange, type StatusListDocument } from '@liberacces/core'
import { LabelError } from './label-error.ts'
import { moment } from './moment.ts'
import type { OfficerKey } from './officer-key.ts'
import { signDocument } from './sign-envelope.ts'

/** A list in which no label stands yet. */
export function emptyStatusList(uri: string, now: number): StatusListDocument {
  return { type: 'status', uri, version: 1, issued: moment(now), labels: [], status_list: { bits: 2, lst: packStates([]) }, history: [] }
}

/** The next version of a list: nothing of the one before it changes, something is added, or only its date is new. */
export function nextStatusList({ type, uri, version, labels, history }: StatusListDocument, now: number, added: { readonly label?: StatusListDocument['labels'][number]; readonly changes?: readonly StatusChange[] } = {}): StatusListDocument {
  const nextLabels = added.label === undefined ? labels : [...labels, added.label]
  const nextHistory = [...history, ...(added.changes ?? [])]
  return { type, uri, version: version + 1, issued: moment(now), labels: nextLabels, status_list: { bits: 2, lst: packStates(statesBy(nextHistory, nextLabels.length)) }, history: nextHistory }
}

/** A list as it is signed and given away. */
export function signStatusList(list: StatusListDocument, keys: readonly OfficerKey[]): Buffer {
  return writeEnvelope(signDocument(STATUS_TYPE, list, keys))
}

/** A change that somebody asks for. */
export interface AskedChange {
  readonly idx: number
  readonly state: LabelState
  readonly reason: string
  readonly note?: string
  readonly appeal: string
  /** Milliseconds since 1970. */
  readonly disableAt?: number
}

/** Notes a change. @throws LabelError when the label is not in a state from which it can be made */
export function changedStatus(list: StatusListDocument, { idx, state, reason, note, appeal, disableAt }: AskedChange, now: number): StatusListDocument {
  const before = statesBy(list.history, list.labels.length)[idx]
  const label = list.labels[idx]
  if (before === undefined || label === undefined) throw new LabelError(`There is no label ${idx}; the list has ${list.labels.length}.`, 'See `label show STATUS`.', 2)
  const what = `The label ${idx} (${label.plugin} ${label.version})`
  if (before === 'revoked') throw new LabelError(`${what} is revoked, and stays so.`, 'A release that is right again gets a new label.')
  if (before === state) throw new LabelError(`${what} is ${state} already.`, 'See `label show STATUS`.')
  return nextStatusList(list, now, { changes: [{ idx, state, reason, ...(note === undefined ? {} : { note }), at: moment(now), ...(disableAt === undefined ? {} : { disableAt: moment(disableAt) }), appeal }] })
}

/** The label that somebody names: by its place, or by plugin and version, of which it is the last. @throws LabelError */
export function labelNamed({ labels }: StatusListDocument, name: string): number {
  if (/^\d{1,6}$/.test(name)) return Number(name)
  const idx = labels.findLastIndex(({ plugin, version }) => `${plugin}@${version}` === name)
  if (idx < 0) throw new LabelError(`The status list holds no label of ${name}.`, 'Give PLUGIN@VERSION, or the place of the label: see `label show STATUS`.', 2)
  return idx
}
