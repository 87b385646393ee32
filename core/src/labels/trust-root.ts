import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { Type, type Static } from '@sinclair/typebox'
import { readEnvelope, signersOf, type Envelope } from './dsse.ts'
import { labelFault } from './label-fault.ts'
import { Moment } from './moment.ts'
import { documentIn } from './signed-document.ts'

/** Payload type of a root of trust. */
export const ROOT_TYPE = 'application/vnd.liberacces.trust-root+json'

const KeyId = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Role = Type.Object({ keyids: Type.Array(KeyId, { minItems: 1, maxItems: 32, uniqueItems: true }), threshold: Type.Integer({ minimum: 1, maximum: 32 }) })

const Key = Type.Object({
  /** DER (SPKI) of an Ed25519 key, base64. */
  public: Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 200 }),
  holder: Type.String({ minLength: 1, maxLength: 200 }),
})

/**
 * Who may sign what, in the manner of TUF: keys, and for each role which of them, and how many together. A label also names its verifier,
 * and `verifiers` says which keys may speak for which.
 */
export const TrustRootSchema = Type.Object({
  type: Type.Literal('root'),
  /** Of the certifier; the same in all versions. */
  id: Type.String({ pattern: '^https://[a-z0-9.-]+(/[A-Za-z0-9._~/-]*)?$', maxLength: 200 }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  /** From 1, one more with each change. */
  version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  issued: Moment,
  expires: Moment,
  keys: Type.Record(KeyId, Key),
  /** Of the version before it, without any role in this one: they only sign that it takes its place. */
  formerKeys: Type.Record(KeyId, Key),
  roles: Type.Object({ root: Role, label: Role, status: Role }),
  verifiers: Type.Record(Type.String({ pattern: '^https://', maxLength: 200 }), Type.Array(KeyId, { minItems: 1, maxItems: 32, uniqueItems: true })),
})

/** Role of a key. */
export type RoleName = 'root' | 'label' | 'status'

/** A root of trust that signed itself. Whether it is to be trusted is for the operator to say. */
export interface TrustRoot extends Static<typeof TrustRootSchema> {
  readonly envelope: Envelope
  readonly publicKeys: ReadonlyMap<string, KeyObject>
  /** SHA-256 of what was signed, hex: what operators compare by another way, such as the telephone. */
  readonly fingerprint: string
}

/**
 * Reads a root of trust: enough of its own keys must have signed it.
 * @throws PlatformError `LABEL_INVALID`, `LABEL_SIGNATURES`
 */
export function readTrustRoot(bytes: Uint8Array): TrustRoot {
  const envelope = readEnvelope(bytes, WHAT)
  const root = documentIn(envelope, ROOT_TYPE, TrustRootSchema, WHAT)
  const publicKeys = new Map(Object.entries(root.keys).map(([keyid, { public: text }]) => [keyid, keyOf(keyid, text)] as const))
  const known = new Set(publicKeys.keys())
  for (const [role, { keyids, threshold }] of Object.entries(root.roles)) {
    if (keyids.some((keyid) => !known.has(keyid))) throw unsound(`its role "${role}" names a key that it does not hold`)
    if (threshold > keyids.length) throw unsound(`its role "${role}" wants ${threshold} signatures of ${keyids.length} keys`)
  }
  if (Object.values(root.verifiers).flat().some((keyid) => !known.has(keyid))) throw unsound('a verifier names a key that it does not hold')
  const trusted: TrustRoot = { ...root, envelope, publicKeys, fingerprint: createHash('sha256').update(envelope.payload).digest('hex') }
  const former = Object.entries(root.formerKeys).map(([keyid, { public: text }]) => [keyid, keyOf(keyid, text)] as const)
  requireThreshold(signersOf(envelope, new Map([...publicKeys, ...former]), WHAT), root.roles.root, WHAT)
  return trusted
}

/**
 * A later version of a trusted root must be signed by enough keys of the one that is trusted, and by no other than these and its own.
 * @throws PlatformError `LABEL_LIST_REFUSED`, `LABEL_SIGNATURES`
 */
export function requireSuccessor(known: TrustRoot, next: TrustRoot): void {
  if (next.id !== known.id) throw labelFault('LABEL_LIST_REFUSED', `${WHAT} is of ${next.id}, not of ${known.id}.`, 'Give the root of the same certifier.')
  if (next.version < known.version) throw labelFault('LABEL_LIST_REFUSED', `${WHAT} is version ${next.version}; version ${known.version} is known already.`, 'Get the newest one: an older one may name keys that were withdrawn.')
  if (next.version === known.version) {
    if (next.fingerprint !== known.fingerprint) throw labelFault('LABEL_LIST_REFUSED', `There are two different roots of ${known.id} of version ${known.version}.`, 'Ask the certifier: one of them was not made by it.')
    return
  }
  const all = new Map([...known.publicKeys, ...next.publicKeys])
  const signers = signersOf(next.envelope, all, WHAT)
  requireThreshold(signers, known.roles.root, `${WHAT}, version ${next.version},`)
}

/** Who of a role signed. @throws PlatformError `LABEL_SIGNATURES` when these are too few */
export function requireRole(envelope: Envelope, root: TrustRoot, role: RoleName, what: string): readonly string[] {
  const signers = signersOf(envelope, root.publicKeys, what)
  requireThreshold(signers, root.roles[role], what)
  return signers.filter((keyid) => root.roles[role].keyids.includes(keyid))
}

function requireThreshold(signers: readonly string[], { keyids, threshold }: { readonly keyids: readonly string[]; readonly threshold: number }, what: string): void {
  const count = new Set(signers.filter((keyid) => keyids.includes(keyid))).size
  if (count < threshold) throw labelFault('LABEL_SIGNATURES', `${what} has ${count} valid signature${count === 1 ? '' : 's'} of the ${threshold} that it needs.`, 'It must be signed by more of the certifier\'s officers: `liberacces-certify label sign FILE --key KEY`.')
}

function keyOf(keyid: string, text: string): KeyObject {
  let key: KeyObject
  try {
    key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
  } catch (cause) {
    throw unsound(`the key ${keyid.slice(0, 16)} cannot be read`, cause)
  }
  if (key.asymmetricKeyType !== 'ed25519') throw unsound(`the key ${keyid.slice(0, 16)} is not of Ed25519`)
  if (createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('hex') !== keyid) throw unsound(`the key ${keyid.slice(0, 16)} has another id`)
  return key
}

const WHAT = 'The root of trust'

function unsound(why: string, cause?: unknown): Error {
  return labelFault('LABEL_INVALID', `${WHAT} is not what it should be: ${why}.`, 'Get it again from the certifier.', cause)
}
