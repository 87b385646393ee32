import type { Migrations } from '@liberacces/sdk'
import { attendance } from './attendance/migration.ts'
import { billing } from './billing/migration.ts'
import { announced } from './billing/migration-announced.ts'
import { payers } from './billing/migration-payers.ts'
import { booking } from './booking/migration.ts'
import { enrolmentReason } from './booking/migration-decision.ts'
import { enrolmentAsker } from './booking/migration-enrolment.ts'
import { importKinds } from './imports/migration-kinds.ts'
import { unitLastDay } from './booking/migration-unit.ts'
import { familyMerge } from './merge/migration.ts'
import { menus } from './menus/migration.ts'

/** All steps of the plugin's tables, one for each area at first: `0002-attendance`, `0003-menus`, `0004-billing` follow. */
export const migrations = {
  '0001-booking': booking,
  '0002-attendance': attendance,
  '0003-menus': menus,
  '0004-billing': billing,
  '0005-enrolment-asker': enrolmentAsker,
  '0006-payers': payers,
  '0007-import-kinds': importKinds,
  '0008-announced': announced,
  '0009-enrolment-reason': enrolmentReason,
  '0010-family-merge': familyMerge,
  '0011-unit-last-day': unitLastDay,
} satisfies Migrations
