import type { CanteenRegistrar } from '../canteen-types.ts'

/** Pages, routes and jobs of the area billing. */
export function registerBilling(_k: CanteenRegistrar): void { /* Filled by what follows. */ }
