import { createHash } from 'node:crypto'
import type { FoundLabel } from './find-label.ts'
import { labelFault } from './label-fault.ts'
import { readStatusList, requireContinuation, underRoot, type StatusList } from './status-list.ts'
import type { LabelStatement } from './label-statement.ts'
import { readTrustRoot, requireSuccessor, type TrustRoot } from './trust-root.ts'
import { readEnvelope } from './dsse.ts'

/** What is trusted, and of each root the newest list of each address. Never changed in place. */
export interface TrustStore {
  readonly roots: readonly TrustRoot[]
  readonly lists: readonly StatusList[]
}

/** Of what is trusted already, a newer root; the store as it was for one that is known or older. @throws PlatformError as `requireSuccessor` */
export function withNewerRoot(store: TrustStore, bytes: Uint8Array): TrustStore {
  const next = readTrustRoot(bytes)
  const known = store.roots.find(({ id }) => id === next.id)
  if (known === undefined || next.version < known.version) return store
  requireSuccessor(known, next)
  if (next.version === known.version) return store
  requireOwnKeys(store.roots, next)
  return { roots: store.roots.map((root) => (root === known ? next : root)), lists: store.lists.map((list) => (list.rootId === next.id ? underRoot(list, next) : list)) }
}

/**
 * A key belongs to one certifier: else one could put another's public keys into its own root, and speak of the other's labels.
 * @throws PlatformError `LABEL_LIST_REFUSED`
 */
export function requireOwnKeys(roots: readonly TrustRoot[], next: TrustRoot): void {
  const other = roots.find(({ id, keys }) => id !== next.id && Object.keys(next.keys).some((keyid) => Object.hasOwn(keys, keyid)))
  if (other !== undefined) throw labelFault('LABEL_LIST_REFUSED', `The root of ${next.id} names a key of ${other.id}, which is trusted already.`, 'Ask both certifiers: an officer has a key for each of them.')
}

/** The newest list of a certifier at an address. */
export function listOf({ lists }: Pick<TrustStore, 'lists'>, uri: string, rootId: string): StatusList | undefined {
  return lists.find((list) => list.uri === uri && list.rootId === rootId)
}

/**
 * With a list that a trusted root vouches for, when it is newer than the one that is known.
 * @throws PlatformError `LABEL_ROOT_UNKNOWN`, `LABEL_INVALID`, `LABEL_SIGNATURES`, `LABEL_LIST_REFUSED`
 */
export function withNewerList(store: TrustStore, bytes: Uint8Array): TrustStore {
  const { signatures } = readEnvelope(bytes, 'The status list')
  const root = store.roots.find(({ keys }) => signatures.some(({ keyid }) => Object.hasOwn(keys, keyid)))
  if (root === undefined) throw labelFault('LABEL_ROOT_UNKNOWN', 'The status list is signed by keys of no root of trust that is trusted here.', 'Have the root of the certifier trusted first: `liberacces label trust FILE`.')
  const next = readStatusList(bytes, root)
  const known = listOf(store, next.uri, root.id)
  if (known !== undefined && next.version < known.version) return store
  if (known !== undefined) requireContinuation(known, next)
  return { ...store, lists: [...store.lists.filter((list) => list !== known), next] }
}

/**
 * With what a bundle brings: a newer root and a newer list are taken, older ones left. A root that is not trusted yet stays so.
 * @throws PlatformError as the two above
 */
export function withBundled(store: TrustStore, { root, status }: Pick<FoundLabel, 'root' | 'status'>): TrustStore {
  const rooted = root === undefined ? store : withNewerRoot(store, root)
  return status === undefined || rooted.roots.length === 0 ? rooted : withNewerList(rooted, status)
}

/** What a label says it was made from must be what lies beside it. @throws PlatformError `LABEL_DIGEST` */
export function requireInputs({ predicate: { inputAttestations } }: LabelStatement, { sbom, testResult }: FoundLabel): void {
  for (const [kind, bytes] of [['cyclonedx', sbom], ['test-result', testResult]] as const) {
    if (bytes === undefined) continue
    const told = inputAttestations.find((input) => input.kind === kind)?.digest.sha256
    if (told !== createHash('sha256').update(bytes).digest('hex')) throw labelFault('LABEL_DIGEST', `The ${kind} beside the label is not the one that it was made from.`, 'Take the bundle as the certifier made it.')
  }
}
