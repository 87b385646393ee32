import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { labelFault } from './label-fault.ts'

/** A signed document (DSSE v1): its bytes, of what kind they are, and who signed them. */
export interface Envelope {
  readonly payloadType: string
  readonly payload: Buffer
  /** By key id, ascending; each key once. */
  readonly signatures: readonly Signature[]
}

/** One signature over {@link pae}. */
export interface Signature {
  /** SHA-256 of the public key's DER (SPKI), in hex. */
  readonly keyid: string
  readonly sig: Buffer
}

/** Largest envelope that is read, in bytes. */
export const MOST_ENVELOPE_BYTES = 8_388_608

/** What is signed: the DSSE pre-authentication encoding of a type and a payload. */
export function pae(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType)
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload])
}

/** An envelope as it lies in files: one JSON line, written in one way only. */
export function writeEnvelope({ payloadType, payload, signatures }: Envelope): Buffer {
  const inOrder = [...signatures].sort((a, b) => (a.keyid < b.keyid ? -1 : 1))
  return Buffer.from(`${JSON.stringify({ payload: payload.toString('base64'), payloadType, signatures: inOrder.map(({ keyid, sig }) => ({ keyid, sig: sig.toString('base64') })) })}\n`)
}

/**
 * Reads an envelope. Takes the one form that {@link writeEnvelope} writes, so that no byte can be changed without harm. Verifies nothing.
 * @throws PlatformError `LABEL_INVALID`
 */
export function readEnvelope(bytes: Uint8Array, what: string): Envelope {
  const wrong = (why: string, cause?: unknown): never => { throw labelFault('LABEL_INVALID', `${what} is no signed document: ${why}.`, 'It was damaged on its way, or is another file: get it again from who signed it.', cause) }
  if (bytes.length > MOST_ENVELOPE_BYTES) wrong(`it has ${bytes.length} bytes, and ${MOST_ENVELOPE_BYTES} are the most`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (cause) {
    return wrong(cause instanceof Error ? cause.message : String(cause), cause)
  }
  if (!isWire(value)) return wrong('it has not the members of DSSE')
  const envelope: Envelope = {
    payloadType: value.payloadType,
    payload: Buffer.from(value.payload, 'base64'),
    signatures: value.signatures.map(({ keyid, sig }) => ({ keyid, sig: Buffer.from(sig, 'base64') })),
  }
  if (new Set(envelope.signatures.map(({ keyid }) => keyid)).size !== envelope.signatures.length) wrong('a key signed it twice')
  if (Buffer.compare(writeEnvelope(envelope), bytes) !== 0) wrong('it is not written as such documents are')
  return envelope
}

interface Wire {
  readonly payload: string
  readonly payloadType: string
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

function isWire(value: unknown): value is Wire {
  if (typeof value !== 'object' || value === null) return false
  const { payload, payloadType, signatures } = value as Partial<Record<keyof Wire, unknown>>
  return typeof payload === 'string' && typeof payloadType === 'string' && Array.isArray(signatures) && signatures.length <= 32
    && signatures.every((each: unknown) => typeof each === 'object' && each !== null && typeof (each as { keyid?: unknown }).keyid === 'string' && typeof (each as { sig?: unknown }).sig === 'string')
}

/** Id of a key: SHA-256 of its public DER. */
export function keyIdOf(key: KeyObject): string {
  const open = key.type === 'private' ? createPublicKey(key) : key
  return createHash('sha256').update(open.export({ type: 'spki', format: 'der' })).digest('hex')
}

/**
 * Who signed an envelope. Stricter than DSSE asks: one signature that is of an unknown key, or does not fit, spoils the whole, so that
 * what passes is exactly what was signed.
 * @param keys - by id
 * @throws PlatformError `LABEL_SIGNATURES`
 */
export function signersOf({ payloadType, payload, signatures }: Envelope, keys: ReadonlyMap<string, KeyObject>, what: string): readonly string[] {
  const signed = pae(payloadType, payload)
  return signatures.map(({ keyid, sig }) => {
    const key = keys.get(keyid)
    if (key === undefined) throw labelFault('LABEL_SIGNATURES', `${what} is signed with the key ${short(keyid)}, which the root of trust does not know.`, 'Get the newest root of trust of who signed it, or the document again.')
    if (!verify(null, signed, key, sig)) throw labelFault('LABEL_SIGNATURES', `${what} does not fit its signature by the key ${short(keyid)}.`, 'It was changed after it was signed: get it again from who signed it.')
    return keyid
  })
}

/** A key id as people compare it. */
function short(keyid: string): string {
  return JSON.stringify(keyid.slice(0, 16)).slice(1, -1)
}
