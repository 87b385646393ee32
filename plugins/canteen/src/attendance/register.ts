import type { CanteenRegistrar } from '../canteen-types.ts'
import { registerBadges } from './badges-page.tsx'
import { registerChangesRoute } from './changes-route.ts'
import { registerChildForm } from './child-form.ts'
import { registerChoosePage } from './choose-page.tsx'
import { registerExtraPage } from './extra-page.tsx'
import { registerJournalPage } from './journal-page.tsx'
import { registerListPage } from './list-page.tsx'
import { registerOrders } from './orders-pages.tsx'
import { registerOrderSchedule } from './order-schedule.ts'
import { registerMarkForms } from './mark-forms.ts'

/** Pages, routes and jobs of the area attendance. */
export function registerAttendance(k: CanteenRegistrar): void {
  registerChoosePage(k)
  registerListPage(k)
  registerMarkForms(k)
  registerChangesRoute(k)
  registerExtraPage(k)
  registerChildForm(k)
  registerJournalPage(k)
  registerBadges(k)
  registerOrders(k)
  registerOrderSchedule(k)
}
