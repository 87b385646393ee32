import type { CanteenRegistrar } from '../canteen-types.ts'

/** Pages, routes and jobs of the area booking. */
export function registerBooking(_k: CanteenRegistrar): void { /* Filled by what follows. */ }
