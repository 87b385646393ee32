import type { Manifest } from '@liberacces/sdk/host'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ReleaseName } from './journal.ts'

/** A release as the lock names it. */
export function releaseName({ catalogue }: { readonly catalogue: Catalogue }, { id, version }: Manifest): ReleaseName {
  return { version, digest: catalogue.digest(id, version) }
}
