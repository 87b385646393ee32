/** Tables of the area attendance: who came, and what is told to the kitchen. Instants are ISO 8601 in UTC. */
import type { BookingState } from '../booking/tables.ts'
import type { Mark } from './mark.ts'

/** See the file. */
export interface AttendanceTables {
  /** What holds of a child at a unit on a day: the entry that was recorded last. */
  readonly attendance: {
    readonly child_id: string; readonly unit_id: string; readonly day: string
    /** The entry of {@link AttendanceTables.attendance_entry} that holds. */
    readonly entry_id: string
    readonly mark: Mark; readonly recorded_at: string; readonly arrived_at: string | null; readonly left_at: string | null
    /** State of the booking before anybody recorded anything; `null` where there was none. */
    readonly state_before: BookingState | null
  }
  /** The journal: each entry as it came, those that do not hold too. Its id is made where it was recorded, so that sending it twice is one entry. */
  readonly attendance_entry: {
    readonly id: string; readonly child_id: string; readonly unit_id: string; readonly day: string
    readonly mark: Mark; readonly arrived_at: string | null; readonly left_at: string | null
    /** When it was recorded, by the platform's clock: what a device's clock was wrong by has been taken off. */
    readonly recorded_at: string
    readonly received_at: string
    /** Account that recorded, and its name; `null` once forgotten. */
    readonly recorded_by: string | null; readonly recorded_name: string | null
    readonly outcome: 'applied' | 'superseded'
    /** Entry of somebody else that whoever recorded had not seen, and that says otherwise. */
    readonly conflict_with: string | null
  }
  /** What a child's badge says. A new one makes the old one worthless. */
  readonly badge: { readonly child_id: string; readonly code: string; readonly created_at: string }
  /** The meals of a day as they were last counted, for those who may not read children. Sealed JSON. */
  readonly meal_count: { readonly day: string; readonly counted_at: string; readonly content: string }
  /** What the kitchen was told, as it was told; each time anew. */
  readonly meal_order: {
    readonly id: string; readonly day: string
    /** From 1, for each day. */
    readonly number: number
    readonly meals: number
    /** Account that sent it; `null` for the platform's schedule, and once forgotten. */
    readonly sent_by: string | null
    readonly sent_at: string
    /** Where a mail went. */
    readonly recipient: string | null
    /** The counts with allergens, sealed JSON (`meal-count.ts`). */
    readonly content: string
  }
}
