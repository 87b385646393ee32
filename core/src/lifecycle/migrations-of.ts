import type { Migrations } from '@liberacces/sdk'
import type { LoadedRelease } from '../runtime/release.ts'

/** The migrations of a release, by name; the same object as long as it is loaded. */
export function migrationsOf({ plugin }: LoadedRelease): Migrations {
  return (plugin.migrations ?? NONE) as Migrations
}

const NONE: Migrations = Object.freeze({})
