import type { Plugin } from '@liberacces/sdk'
import type { Manifest, Registrations } from '@liberacces/sdk/host'
import type { LoadedScript } from '../catalogue/page-scripts.ts'
import type { ReleaseState } from '../health/health.ts'
import type { WallId } from '../process/box/wall.ts'
import type { Scope } from '../scope.ts'

/** How often a release used what its scopes, contracts and events open. */
export interface ScopeUse {
  /** A scope (`db`, `net:api.example.fr`), `use:<contract>` or `emit:<event>`. */
  readonly scope: string
  readonly used: number
  /** How often it was refused. */
  readonly refused: number
}

/** Where a release runs that does not run in the kernel's process, as operators see it. */
export interface ReleaseProcess {
  /** `loopback`: in this process, and reached as if it were not; for tests. */
  readonly runtime: 'process' | 'remote' | 'loopback'
  readonly state: ReleaseState
  /** `undefined` while there is none, and where it is elsewhere. */
  readonly pid: number | undefined
  /** Of plugins that an operator lets share a process; `isApart`: it has one of its own all the same, since the shared one ended while it was at work. Left out where there is none. */
  readonly group?: { readonly name: string; readonly isApart: boolean } | undefined
  /** Which walls stand around it. */
  readonly walls: readonly WallId[]
  /** Calls under way. */
  readonly inFlight: number
  /** What it was seen to use since it was loaded. */
  readonly used: readonly ScopeUse[]
  /** Of all its memory, in bytes. */
  memory(): Promise<number | undefined>
  /** Resolves once it has come to all that it was told until now, and what it had to say to that has come. For tests. */
  caughtUp(): Promise<void>
  /** Lets calls finish, then ends it. Twice is harmless. */
  stop(): Promise<void>
}

/** A plugin at one version, loaded once in this process. */
export interface LoadedRelease {
  readonly manifest: Manifest
  readonly plugin: Plugin
  readonly registrations: Registrations
  /** What its pages load, by name. Left out where they load nothing. */
  readonly scripts?: ReadonlyMap<string, LoadedScript>
  /** Owns all that exists because this release is loaded. */
  readonly scope: Scope
  /** Left out where it runs in this process. Elsewhere its functions hand on to there. */
  readonly process?: ReleaseProcess
}
