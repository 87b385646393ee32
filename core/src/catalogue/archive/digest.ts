import { createHash } from 'node:crypto'

/** `sha256-<base64>`, the form of Subresource Integrity and of npm's own lock. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256-${createHash('sha256').update(bytes).digest('base64')}`
}
