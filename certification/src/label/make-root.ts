import type { KeyObject } from 'node:crypto'
import { keyIdOf, readTrustRoot, requireSuccessor, ROOT_TYPE, writeEnvelope, type TrustRoot } from '@liberacces/core'
import { moment } from './moment.ts'
import type { OfficerKey } from './officer-key.ts'
import { signDocument } from './sign-envelope.ts'

/** A root of trust to be. */
export interface RootPlan {
  /** Address of the certifier, `https://…`. */
  readonly id: string
  readonly name: string
  readonly officers: readonly { readonly key: KeyObject; readonly holder: string }[]
  /** How many officers sign together. */
  readonly threshold: number
  readonly now: number
  /** The one that it takes the place of. */
  readonly previous?: TrustRoot
  /** Whoever signs now: enough of them for it to hold, those of the previous one included. */
  readonly keys: readonly OfficerKey[]
}

const YEARS = 3

/** Where a certifier's verifier, status list and register are, by its own address. */
export function addressesOf(id: string): { readonly verifier: string; readonly status: string; readonly appeal: string } {
  return { verifier: `${id}/verifier/v1`, status: `${id}/status/1`, appeal: `${id}/appeal` }
}

/**
 * Makes a root of trust in which each officer may do everything, together with enough others. It must be signed by enough of them to be one.
 * @throws PlatformError `LABEL_SIGNATURES`, `LABEL_INVALID`, `LABEL_LIST_REFUSED`
 */
export function makeRoot({ id, name, officers, threshold, now, previous, keys }: RootPlan): Buffer {
  const keyids = officers.map(({ key }) => keyIdOf(key))
  const role = { keyids, threshold }
  const expires = new Date(now)
  expires.setUTCFullYear(expires.getUTCFullYear() + YEARS)
  const bytes = writeEnvelope(signDocument(ROOT_TYPE, {
    type: 'root', id, name, version: (previous?.version ?? 0) + 1, issued: moment(now), expires: moment(expires.getTime()),
    keys: Object.fromEntries(officers.map(({ key, holder }) => [keyIdOf(key), { public: key.export({ type: 'spki', format: 'der' }).toString('base64'), holder }])),
    formerKeys: Object.fromEntries(Object.entries(previous?.keys ?? {}).filter(([keyid]) => !keyids.includes(keyid))),
    roles: { root: role, label: role, status: role },
    verifiers: { [addressesOf(id).verifier]: keyids },
  }, keys))
  const root = readTrustRoot(bytes)
  if (previous !== undefined) requireSuccessor(previous, root)
  return bytes
}
