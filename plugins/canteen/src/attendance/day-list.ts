import { Families, type ChildCard, type HealthFlag } from '@liberacces/plugin-families/contract'
import type { BookingState } from '../booking/tables.ts'
import type { CanteenContext } from '../canteen-types.ts'
import type { Mark } from './mark.ts'
import { allowed } from './allowed.ts'

/** Whose list it is. */
export interface ListOf {
  readonly unitId: string
  readonly day: string
  readonly schoolId: string | undefined
  readonly classId: string | undefined
}

/** A child of the list, with what was recorded. */
export interface ListedChild {
  readonly child: ChildCard
  /** `undefined` for who has no booking. */
  readonly booked: BookingState | undefined
  readonly mark: Mark
  /** The entry that holds. */
  readonly entryId: string | undefined
  readonly arrivedAt: string | undefined
  readonly leftAt: string | undefined
}

/** The children of a unit on a day: who is expected or came, and who else is of the school or class. */
export interface DayList {
  readonly expected: readonly ListedChild[]
  readonly others: readonly ListedChild[]
  /** What those on the spot must know; `undefined` where the reader may not. */
  readonly flags: ReadonlyMap<string, HealthFlag> | undefined
  /** Badges by child, as a hash that a scanned code is compared with. */
  readonly badges: ReadonlyMap<string, string>
}

/** Bookings of these states count as expected. Others are shown among those without a booking. */
const EXPECTED: readonly BookingState[] = ['booked', 'present', 'absent-justified', 'absent-unjustified']

/** Reads a day's list. Ordered by last and first name. */
export async function dayList(c: CanteenContext, { unitId, day, schoolId, classId }: ListOf): Promise<DayList> {
  const [bookings, recorded] = await Promise.all([
    c.db.selectFrom('booking').select(['child_id', 'state', 'unbooked']).where('unit_id', '=', unitId).where('day', '=', day).execute(),
    c.db.selectFrom('attendance').selectAll().where('unit_id', '=', unitId).where('day', '=', day).execute(),
  ])
  const [stateOf, recordOf] = [new Map(bookings.map((row) => [row.child_id, row])), new Map(recorded.map((row) => [row.child_id, row]))]
  const concerned = [...new Set([...stateOf.keys(), ...recordOf.keys()])]
  const families = c.use(Families)
  const children = schoolId === undefined
    ? await inParts(concerned, (ids) => families.children({ ids: [...ids], on: day }))
    : await families.children({ schoolId, ...(classId === undefined ? {} : { classId }), on: day })
  const listed = children.map((child): ListedChild & { readonly isExpected: boolean } => {
    const [booking, record] = [stateOf.get(child.id), recordOf.get(child.id)]
    return {
      child, booked: booking?.state, mark: record?.mark ?? markOf(booking?.state), entryId: record?.entry_id, arrivedAt: record?.arrived_at ?? undefined, leftAt: record?.left_at ?? undefined,
      isExpected: booking !== undefined && EXPECTED.includes(booking.state),
    }
  })
  const expected = listed.filter(({ isExpected }) => isExpected)
  const [flags, badges] = await Promise.all([
    allowed(() => inParts(expected.map(({ child }) => child.id), (ids) => families.healthFlags({ childIds: [...ids], purpose: 'attendance', on: day }))),
    inParts(listed.map(({ child }) => child.id), (ids) => c.db.selectFrom('badge').select(['child_id', 'code']).where('child_id', 'in', ids).execute()),
  ])
  return {
    expected, others: listed.filter(({ isExpected }) => !isExpected),
    flags: flags && new Map(flags.map((flag) => [flag.childId, flag])),
    badges: new Map(badges.map(({ child_id: childId, code }) => [childId, code])),
  }
}

/** A booking can have its state from the office. */
function markOf(state: BookingState | undefined): Mark {
  return state === 'present' ? 'present' : state === 'absent-unjustified' ? 'absent' : state === 'absent-justified' ? 'excused' : 'none'
}

/** The service takes a thousand ids at a time. */
async function inParts<Found>(ids: readonly string[], ask: (part: readonly string[]) => Promise<readonly Found[]>): Promise<readonly Found[]> {
  const found: Found[] = []
  for (let from = 0; from < ids.length; from += 1_000) found.push(...await ask(ids.slice(from, from + 1_000)))
  return found
}
