/** What other plugins may rely on. Nothing here runs but the declarations. Days are `YYYY-MM-DD` in Paris. */
import { Choice, defineEvent, defineService, Type, type Static } from '@liberacces/sdk'
import { ACTIVITY_KINDS, BOOKING_ORIGINS, BOOKING_STATES, UNIT_KINDS } from './booking/tables.ts'

const Id = Type.String({ minLength: 1, maxLength: 200 })
const Day = Type.String({ format: 'date' })

/** One child, one unit of an activity, one day. */
export const BookingCard = Type.Object({
  id: Type.String(), childId: Type.String(), householdId: Type.String(), activityId: Type.String(), unitId: Type.String(),
  day: Day, state: Choice(BOOKING_STATES),
  /** Made after the deadline. */
  late: Type.Boolean(),
})
/** See {@link BookingCard}. */
export type BookingCard = Static<typeof BookingCard>

/** An activity with what can be booked of it. */
export const ActivityCard = Type.Object({
  id: Type.String(), name: Type.String(), kind: Choice(ACTIVITY_KINDS), firstDay: Day, lastDay: Day,
  /** Schools it serves; empty for all. */
  schoolIds: Type.Array(Type.String()),
  units: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), kind: Choice(UNIT_KINDS), capacity: Type.Optional(Type.Integer({ minimum: 0 })), withMeal: Type.Boolean() })),
})
/** See {@link ActivityCard}. */
export type ActivityCard = Static<typeof ActivityCard>

/** How many are expected for a unit on a day. */
export const UnitCount = Type.Object({ unitId: Type.String(), activityId: Type.String(), day: Day, expected: Type.Integer({ minimum: 0 }), waiting: Type.Integer({ minimum: 0 }), requested: Type.Integer({ minimum: 0 }) })
/** See {@link UnitCount}. */
export type UnitCount = Static<typeof UnitCount>

/** Bookings of a collectivité, for plugins that prepare, count or show them. Unknown ids answer empty lists. */
export const Canteen = defineService('fr.liberacces.canteen/v1', {
  activities: { summary: 'Activities that run on a day, ordered by name', input: Type.Object({ on: Day }), output: Type.Array(ActivityCard) },
  bookings: {
    summary: 'Bookings of a day, of one unit or all, ordered by their ids', permission: 'booking.read',
    input: Type.Object({ day: Day, unitId: Type.Optional(Id), after: Type.Optional(Id), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 500 })) }),
    output: Type.Array(BookingCard),
  },
  counts: {
    summary: 'How many are expected, wait or ask, by unit and day, over 62 days at most', permission: 'booking.read',
    input: Type.Object({ from: Day, to: Day }), output: Type.Array(UnitCount),
  },
})

const Booked = Type.Object({ bookingId: Type.String(), childId: Type.String(), householdId: Type.String(), activityId: Type.String(), unitId: Type.String(), day: Day })

/** A child is expected, waits or is asked for. */
export const BookingCreated = defineEvent(
  'fr.liberacces.canteen.booking-created/v1', Type.Object({ ...Booked.properties, state: Choice(['booked', 'waiting', 'requested']), origin: Choice(BOOKING_ORIGINS), late: Type.Boolean() }), { subject: 'childId' },
)

/** Why a booking is no more. `family`, `agent`: somebody cancelled it. `closure`, `strike`: the day does not take place. `refused`: an agent refused. `expired`: an offered place was not taken. */
export const CANCEL_REASONS = ['family', 'agent', 'closure', 'strike', 'refused', 'expired'] as const
/** One of them. */
export type CancelReason = (typeof CANCEL_REASONS)[number]

/** A child is not expected any more; nothing is billed. */
export const BookingCancelled = defineEvent('fr.liberacces.canteen.booking-cancelled/v1', Type.Object({ ...Booked.properties, reason: Choice(CANCEL_REASONS) }), { subject: 'childId' })

/** An agent decided on what a family asked for: whether its child may book an activity. */
export const EnrolmentDecided = defineEvent(
  'fr.liberacces.canteen.enrolment-decided/v1', Type.Object({ enrolmentId: Type.String(), childId: Type.String(), householdId: Type.String(), activityId: Type.String(), decision: Choice(['active', 'refused']) }), { subject: 'childId' },
)

/** The draft of a billing campaign goes on after a household. */
export const CampaignDrafting = defineEvent('fr.liberacces.canteen.campaign-drafting/v1', Type.Object({ campaignId: Type.String(), cursor: Type.String() }), { subject: 'campaignId' })

/** Payers of a published campaign are told by mail, those after an invoice next. */
export const CampaignTelling = defineEvent('fr.liberacces.canteen.campaign-telling/v1', Type.Object({ campaignId: Type.String(), after: Type.String() }), { subject: 'campaignId' })

/** A long file of bookings is read on, after as many lines. */
export const BookingsImporting = defineEvent('fr.liberacces.canteen.bookings-importing/v1', Type.Object({ reportId: Type.String(), after: Type.Integer({ minimum: 0 }) }), { subject: 'reportId' })

/** Payers of a file of direct debits are told by mail, those after a debit next. */
export const DebitsAnnouncing = defineEvent('fr.liberacces.canteen.debits-announcing/v1', Type.Object({ collectionId: Type.String(), after: Type.String() }), { subject: 'collectionId' })

/** A place came free for a child of the waiting list, until a moment. */
export const PlaceOffered = defineEvent('fr.liberacces.canteen.place-offered/v1', Type.Object({ ...Booked.properties, until: Type.String({ format: 'date-time' }) }), { subject: 'childId' })
