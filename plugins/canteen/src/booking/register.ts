import { ChildChanged, HouseholdsMerged } from '@liberacces/plugin-families/contract'
import type { CanteenRegistrar } from '../canteen-types.ts'
import { Canteen, EnrolmentDecided, PlaceOffered } from '../contract.ts'
import { registerActivities } from '../dashboard/activities.tsx'
import { registerBookingsCsv } from '../dashboard/bookings-csv.tsx'
import { registerCalendar } from '../dashboard/calendar.tsx'
import { registerUnits } from '../dashboard/units.ts'
import { registerDashboard } from '../dashboard/dashboard.tsx'
import { canteenService } from '../dashboard/service.ts'
import { registerEnrolment } from '../guichet/enrolment.tsx'
import { registerHome } from '../guichet/home.tsx'
import { registerRecurring } from '../guichet/recurring.tsx'
import { registerWeek } from '../guichet/register-week.ts'
import { mailDecision } from './enrolment-decision.ts'
import { forgetChild } from './forget-child.ts'
import { followLatecomers, followMerge } from '../merge/follow-merge.ts'
import { endOffers, mailOffer } from './waiting/offers.ts'

/** Pages, routes and jobs of the area booking. */
export function registerBooking(k: CanteenRegistrar): void {
  registerHome(k)
  registerWeek(k)
  registerRecurring(k)
  registerEnrolment(k)
  registerDashboard(k)
  registerActivities(k)
  registerUnits(k)
  registerCalendar(k)
  registerBookingsCsv(k)
  k.provide(Canteen, canteenService)
  k.on(PlaceOffered, async (c, { data }) => { await mailOffer(c, data) }, { id: 'mail-offer' })
  k.on(EnrolmentDecided, async (c, { data }) => { await mailDecision(c, data.enrolmentId) }, { id: 'mail-decision' })
  k.on(ChildChanged, async (c, { data }) => { if (data.change === 'deleted') await forgetChild(c, data.childId) }, { id: 'forget-child' })
  k.on(HouseholdsMerged, async (c, { data }) => { await followMerge(c, data) }, { id: 'follow-merge', timeoutMs: 60_000 })
  k.schedule({ id: 'follow-latecomers', cron: '25 * * * *', timeoutMs: 60_000 }, followLatecomers)
  k.schedule({ id: 'end-offers', cron: '*/10 * * * *', timeoutMs: 60_000 }, endOffers)
}
