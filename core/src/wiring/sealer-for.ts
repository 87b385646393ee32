import { deriveKey } from '../identity/server-secret.ts'
import { createSealer, type Sealer } from '../secrets/sealer.ts'
import type { Base } from './base.ts'

/** Seals with a key that serves this purpose alone. */
export function sealerFor({ secret, outside }: Pick<Base, 'secret' | 'outside'>, purpose: 'settings' | 'plugins' | 'applications'): Sealer {
  return createSealer(deriveKey(secret, `sealed ${purpose}`), (length) => outside.randomBytes(length))
}
