import type { Plugin } from '@liberacces/sdk'
import type { Manifest, Registrations } from '@liberacces/sdk/host'
import type { Scope } from '../scope.ts'

/** A plugin at one version, loaded once in this process. */
export interface LoadedRelease {
  readonly manifest: Manifest
  readonly plugin: Plugin
  readonly registrations: Registrations
  /** Owns all that exists because this release is loaded. */
  readonly scope: Scope
}
