import type { AttendanceTables } from './attendance/tables.ts'
import type { BillingTables } from './billing/tables.ts'
import type { BookingTables } from './booking/tables.ts'
import type { MergeTables } from './merge/tables.ts'
import type { MenuTables } from './menus/tables.ts'

/** The plugin's tables, by area. */
export interface Tables extends BookingTables, AttendanceTables, MenuTables, BillingTables, MergeTables {}
