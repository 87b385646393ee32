/**
 * What is offered, and who comes. Days are `YYYY-MM-DD` in Paris, instants ISO 8601 in UTC, times of day `HH:MM` in Paris, truth values 0 and 1.
 * Children, households and schools are those of the plugin families, by id.
 */

/** What an activity is for those who run it. */
export const ACTIVITY_KINDS = ['canteen', 'garderie', 'mercredi', 'vacances'] as const
/** One of them. */
export type ActivityKind = (typeof ACTIVITY_KINDS)[number]

/** What is booked, and so what is counted: a meal, half a day, or a band of hours that is priced by its length. */
export const UNIT_KINDS = ['meal', 'half-day', 'hourly'] as const
/** One of them. */
export type UnitKind = (typeof UNIT_KINDS)[number]

/**
 * Where a booking stands. `booked`: expected. `present`: was there. `absent-justified` and `absent-unjustified`: was expected and did not come.
 * `waiting`: on the waiting list. `refused`: by an agent, or for want of a place. `requested`: an agent decides.
 */
export const BOOKING_STATES = ['booked', 'present', 'absent-justified', 'absent-unjustified', 'waiting', 'refused', 'requested'] as const
/** One of them. */
export type BookingState = (typeof BOOKING_STATES)[number]

/** Where a booking is from; `attendance` is who came without one. */
export const BOOKING_ORIGINS = ['family', 'agent', 'recurring', 'waiting-list', 'import', 'attendance'] as const
/** One of them. */
export type BookingOrigin = (typeof BOOKING_ORIGINS)[number]

/** What can become of a booking; each has a message `booking.log.<action>`. */
export const LOG_ACTIONS = ['booked', 'waiting', 'requested', 'cancelled', 'closed', 'strike', 'offered', 'taken', 'expired', 'approved', 'refused'] as const
/** One of them. */
export type LogAction = (typeof LOG_ACTIONS)[number]

/** Tables of the area booking. */
export interface BookingTables {
  /** The holidays of a school zone, as they were read in. */
  readonly holiday: { readonly id: string; readonly zone: 'A' | 'B' | 'C'; readonly name: string; readonly first_day: string; readonly last_day: string }
  /** Up to which day the calendar of a zone is known: later days are unknown, not school days. */
  readonly known_calendar: { readonly zone: 'A' | 'B' | 'C'; readonly first_day: string; readonly last_day: string }
  /** Days on which something does not take place. Without school and activity it is the whole commune. */
  readonly closure: {
    readonly id: string; readonly kind: 'closure' | 'strike'; readonly first_day: string; readonly last_day: string
    readonly school_id: string | null; readonly activity_id: string | null; readonly reason: string; readonly created_at: string
  }
  readonly activity: {
    readonly id: string; readonly name: string; readonly kind: ActivityKind
    readonly first_day: string; readonly last_day: string
    /** Deadlines of adding and cancelling, and what a late booking does, as JSON (`booking/deadline.ts`). */
    readonly rules: string
    /** Whether an agent decides on each booking. */
    readonly approved_by_agent: number
    readonly archived: number
  }
  /** Which schools an activity serves. One without any serves all. */
  readonly activity_school: { readonly activity_id: string; readonly school_id: string }
  readonly unit: {
    readonly id: string; readonly activity_id: string; readonly name: string; readonly kind: UnitKind
    readonly starts_at: string; readonly ends_at: string
    /** Days of the week on which it takes place, `1` (Monday) to `7`, as in `1245`. */
    readonly weekdays: string
    /** Most children at once; `null` where nobody counts. */
    readonly capacity: number | null
    /** Whether a meal is ordered for who books it. */
    readonly with_meal: number
    /** Last day on which it is offered, before its activity's; `null` for that one. */
    readonly last_day: string | null
    readonly position: number
  }
  /** That a child may book an activity: the inscription of the year. */
  readonly enrolment: {
    readonly id: string; readonly child_id: string; readonly household_id: string; readonly activity_id: string
    readonly first_day: string; readonly last_day: string; readonly state: 'requested' | 'active' | 'refused' | 'ended'; readonly decided_at: string | null; readonly created_at: string
    /** Account that asked for it; `null` where an agent or a file did, and once forgotten. */
    readonly requested_by: string | null
    /** Why it was refused, for the family to read. */
    readonly reason: string | null
  }
  /** One child, one unit, one day: never twice. */
  readonly booking: {
    readonly id: string; readonly child_id: string; readonly household_id: string; readonly activity_id: string; readonly unit_id: string
    readonly day: string; readonly state: BookingState; readonly origin: BookingOrigin
    /** Made after the deadline: priced with the penalty of the rules. */
    readonly late: number
    /** Came without a booking. */
    readonly unbooked: number
    /** As checked in and out, of units by the hour. */
    readonly arrived_at: string | null; readonly left_at: string | null
    /** Until when an offered place of the waiting list may be taken. */
    readonly offered_until: string | null
    /** Account that booked; `null` once forgotten. */
    readonly booked_by: string | null
    readonly booked_at: string; readonly changed_at: string
  }
  /** Holds the places of a unit on a day while they are counted: who changes its row is alone until the end of the transaction. */
  readonly unit_day: { readonly unit_id: string; readonly day: string; readonly changes: number }
  /** What became of bookings: history for families and agents, and the reason where one is no more. */
  readonly booking_log: {
    readonly id: string; readonly booking_id: string; readonly child_id: string; readonly household_id: string; readonly unit_id: string; readonly day: string
    readonly action: LogAction; readonly detail: string | null; readonly actor_id: string | null; readonly at: string
  }
  /** What reading in a file came to, for its page. Problems as JSON (`imports/import-report.ts`); the kind is `null` in reports from before there were kinds. */
  readonly import_report: {
    readonly id: string; readonly kind: 'bookings' | 'tariffs' | null; readonly made_at: string; readonly imported: number; readonly problems: string
    /** Of a long file that is read in steps: what to do with a faulty line, the file until all is read, how many lines it has, and how many are read. */
    readonly when_faulty: 'nothing' | 'good' | null; readonly file_id: string | null; readonly lines: number | null; readonly read_to: number | null
  }
}
