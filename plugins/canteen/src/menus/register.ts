import type { CanteenRegistrar } from '../canteen-types.ts'
import { registerDishForms } from './dish-forms.tsx'
import { registerPublicMenus } from './public-menus.tsx'
import { registerPurchases } from './purchases-pages.tsx'
import { registerWeekPage } from './week-page.tsx'

/** Pages, routes and jobs of the area menus. */
export function registerMenus(k: CanteenRegistrar): void {
  registerWeekPage(k)
  registerDishForms(k)
  registerPurchases(k)
  registerPublicMenus(k)
}
