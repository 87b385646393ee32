import type { Migrations } from '@liberacces/sdk'
import { bridge } from './0001-bridge.ts'

/** All steps of the plugin's tables. One that was released never changes; a new one follows. */
export const migrations = { '0001-bridge': bridge } satisfies Migrations
