/** Why something cannot be booked or cancelled: a code with what its message `booking.refusal.<code>` says. */
import type { DayKind } from '../calendar/day-kind.ts'
import type { Deadline } from '../deadlines/deadline.ts'

/** A refusal that explains itself. */
export type Refusal =
  | { readonly code: 'unknown-unit' | 'unknown-child' | 'day' | 'past' | 'not-enrolled' | 'enrolment-requested' | 'school' | 'archived' | 'booked-before' | 'not-booked' | 'attended' | 'refused-before' }
  | { readonly code: 'period'; readonly firstDay: string; readonly lastDay: string }
  | { readonly code: 'weekday'; readonly weekday: number }
  | { readonly code: 'day-kind'; readonly kind: DayKind; readonly name: string | undefined }
  | { readonly code: 'add-closed' | 'cancel-closed'; readonly deadline: Deadline }
  | { readonly code: 'full'; readonly capacity: number }
