import type { CanteenRegistrar } from '../canteen-types.ts'

/** Pages, routes and jobs of the area menus. */
export function registerMenus(_k: CanteenRegistrar): void { /* Filled by what follows. */ }
