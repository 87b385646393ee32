import type { CanteenRegistrar } from '../canteen-types.ts'

/** Pages, routes and jobs of the area attendance. */
export function registerAttendance(_k: CanteenRegistrar): void { /* Filled by what follows. */ }
