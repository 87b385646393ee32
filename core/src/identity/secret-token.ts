import { hash } from 'node:crypto'
import type { Outside } from '../outside.ts'

/** 32 bytes in base64url. */
const FORM = /^[A-Za-z0-9_-]{43}$/

/** An unguessable token of 32 bytes, 43 characters. Only its hash is ever stored. */
export function newSecretToken(outside: Outside): string {
  return Buffer.from(outside.randomBytes(32)).toString('base64url')
}

/** The same hash as text, to look up in memory. */
export function hashTextOfToken(token: string): string | undefined {
  return FORM.test(token) ? hash('sha256', token, 'base64') : undefined
}

/** What is stored of a token: its SHA-256; `undefined` for a text that can be no token. A fast hash is enough for 256 random bits. */
export function hashOfToken(token: string): Buffer | undefined {
  return FORM.test(token) ? hash('sha256', token, 'buffer') : undefined
}
