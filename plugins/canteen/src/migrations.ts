import type { Migrations } from '@liberacces/sdk'
import { attendance } from './attendance/migration.ts'
import { billing } from './billing/migration.ts'
import { payers } from './billing/migration-payers.ts'
import { booking } from './booking/migration.ts'
import { enrolmentAsker } from './booking/migration-enrolment.ts'
import { menus } from './menus/migration.ts'

/** All steps of the plugin's tables, one for each area at first: `0002-attendance`, `0003-menus`, `0004-billing` follow. */
export const migrations = {
  '0001-booking': booking,
  '0002-attendance': attendance,
  '0003-menus': menus,
  '0004-billing': billing,
  '0005-enrolment-asker': enrolmentAsker,
  '0006-payers': payers,
} satisfies Migrations
