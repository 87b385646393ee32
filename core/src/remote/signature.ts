import { createHmac } from 'node:crypto'

/** What the text form of a secret begins with (Standard Webhooks). */
const PREFIX = 'whsec_'
/** Bytes of a secret that we make (Standard Webhooks asks for 24 to 64). */
const SECRET_BYTES = 32

/** Makes the secret that the platform and one application share. */
export function newSecret(randomBytes: (length: number) => Uint8Array): string {
  return PREFIX + Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')
}

/** Whether a text is a secret: `whsec_` and 24 to 64 bytes in base64. */
export function isSecret(text: string): boolean {
  const content = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : ''
  const { length } = Buffer.from(content, 'base64')
  return /^[A-Za-z0-9+/]+={0,2}$/.test(content) && length >= 24 && length <= 64
}

/**
 * The headers that say that a request comes from this platform, just now, and is this one (Standard Webhooks 1.0.0, "Signature scheme").
 * @param secrets - the present one, and one that was just replaced; any of them opens
 * @param id - never given twice
 * @param seconds - since the Unix epoch
 */
export function signatureHeaders(secrets: readonly string[], id: string, seconds: number, body: string): Readonly<Record<string, string>> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') }
}
