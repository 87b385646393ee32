import { sign } from 'node:crypto'
import { pae, type Envelope } from '@liberacces/core'
import type { OfficerKey } from './officer-key.ts'

/** A document in an envelope, signed by each of the keys. */
export function signDocument(payloadType: string, document: object, keys: readonly OfficerKey[]): Envelope {
  return keys.reduce(withSignature, { payloadType, payload: Buffer.from(JSON.stringify(document)), signatures: [] })
}

/** The same envelope with one more signature; signing twice with one key changes nothing. */
export function withSignature(envelope: Envelope, { keyid, key }: OfficerKey): Envelope {
  const sig = sign(null, pae(envelope.payloadType, envelope.payload), key)
  return { ...envelope, signatures: [...envelope.signatures.filter((one) => one.keyid !== keyid), { keyid, sig }] }
}
