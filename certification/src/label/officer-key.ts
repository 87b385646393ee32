import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { keyIdOf } from '@liberacces/core'
import { LabelError } from './label-error.ts'

/** Key of an officer of a certifier, able to sign. */
export interface OfficerKey {
  readonly keyid: string
  readonly key: KeyObject
}

/** A new Ed25519 key: PEM (PKCS 8), encrypted when there is a passphrase, and the public half (SPKI). */
export function makeOfficerKey(passphrase?: string): { readonly keyid: string; readonly privatePem: string; readonly publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    keyid: keyIdOf(publicKey),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem', ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }) }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}

/** @param name - of the file, for messages; nothing of the key is ever told @throws LabelError */
export function readOfficerKey(pem: string, name: string, passphrase?: string): OfficerKey {
  let key: KeyObject
  try {
    key = createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) })
  } catch {
    // What went wrong inside is not told: it might speak of the key.
    throw new LabelError(`${name} holds no private key that can be read${passphrase === undefined ? ', or an encrypted one' : ' with that passphrase'}.`, 'Give the .pem that `label keys` wrote; for an encrypted one add --passphrase-file FILE.', 2)
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new LabelError(`${name} holds a key that is not of Ed25519.`, 'Make one with `label keys`.', 2)
  return { keyid: keyIdOf(key), key }
}

/** @throws LabelError */
export function readPublicKey(pem: string, name: string): KeyObject {
  try {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (cause) {
    throw new LabelError(`${name} holds no key that can be read.`, 'Give the .pub.pem that `label keys` wrote.', 2, { cause })
  }
  throw new LabelError(`${name} holds a key that is not of Ed25519.`, 'Give the .pub.pem that `label keys` wrote.', 2)
}
