import type { Plugin } from '@liberacces/sdk'
import type { Manifest, Registrations } from '@liberacces/sdk/host'
import type { Scope } from '../scope.ts'

/** The process that a release runs in, where that is not the kernel's own, as operators see it. */
export interface ReleaseProcess {
  readonly runtime: 'process' | 'remote'
  /** `undefined` while there is none, and where it is elsewhere. */
  readonly pid: number | undefined
  /** Which walls stand around it, by name. */
  readonly walls: readonly string[]
  /** Of all its memory, in bytes. */
  memory(): Promise<number | undefined>
}

/** A plugin at one version, loaded once in this process. */
export interface LoadedRelease {
  readonly manifest: Manifest
  readonly plugin: Plugin
  readonly registrations: Registrations
  /** Owns all that exists because this release is loaded. */
  readonly scope: Scope
  /** Left out where it runs in this process. */
  readonly process?: ReleaseProcess
}
