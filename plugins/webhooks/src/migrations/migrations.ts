import type { Migrations } from '@liberacces/sdk'
import { webhooks } from './0001-webhooks.ts'

/** All steps of the plugin's tables. One that was released never changes; a new one follows. */
export const migrations = { '0001-webhooks': webhooks } satisfies Migrations
