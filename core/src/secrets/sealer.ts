import { createCipheriv, createDecipheriv } from 'node:crypto'

/** Length of a nonce, in bytes (NIST SP 800-38D, section 5.2.1.1). */
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** What sealed texts begin with: the way they were sealed in. */
const PREFIX = 'sealed.1.'

/** Whether a text looks like a sealed one. */
export function isSealed(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith(PREFIX)
}

/** Encrypts texts that nobody may read in a database, an export or a backup, and opens them again. */
export interface Sealer {
  /** @param place - where it is kept: it opens there alone, so that one cannot be put in another's place */
  seal(place: string, text: string): string
  /** `undefined` when it was not sealed here for this place, or was changed. */
  open(place: string, sealed: string): string | undefined
}

/**
 * Seals with AES-256-GCM.
 * @param key - 32 bytes
 */
export function createSealer(key: Uint8Array, randomBytes: (length: number) => Uint8Array): Sealer {
  return {
    seal(place, text) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
      const content = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]
      return PREFIX + Buffer.concat(content).toString('base64url')
    },
    open(place, sealed) {
      if (!sealed.startsWith(PREFIX)) return undefined
      const content = Buffer.from(sealed.slice(PREFIX.length), 'base64url')
      if (content.length < NONCE_BYTES + TAG_BYTES) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, content.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
          .setAAD(Buffer.from(place)).setAuthTag(content.subarray(-TAG_BYTES))
        return decipher.update(content.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        // Another server's, another place's, or changed: which of them is nothing to be told.
        return undefined
      }
    },
  }
}
