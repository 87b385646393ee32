/** Bookings from a file: which it asks for, and what is wrong with the other lines. */
import { Families } from '@liberacces/plugin-families/contract'
import { parseDay } from '@liberacces/sdk'
import { readCsv } from '@liberacces/sdk/csv'
import { childrenById } from '../booking/children-by-id.ts'
import type { Wish } from '../booking/engine/book.ts'
import { readUnits } from '../booking/engine/situation.ts'
import type { CanteenContext } from '../canteen-types.ts'
import type { LineProblem } from './import-report.ts'

const COLUMNS = ['Enfant', 'École', 'Activité', 'Date'] as const
/** Most lines of a file. */
const MOST_LINES = 2_000

/** `place` counts the lines of the file from 1, without its header; `line` is the number that an editor shows. */
interface Placed { readonly place: number; readonly line: number }
/** A booking with the line that asks for it. */
export type LineWish = Wish & Placed

/** What a file asks for. */
export interface BookingLines { readonly lines: number; readonly wishes: readonly LineWish[]; readonly problems: readonly (LineProblem & Placed)[] }

/** Reads the identifier of the child, the school's name (it may be empty), the unit's name or identifier, and the day of each line. */
export async function readBookingLines(c: CanteenContext, bytes: Uint8Array): Promise<BookingLines> {
  const refused = (line: number, text: string): BookingLines => ({ lines: 0, wishes: [], problems: [{ place: 0, line, text }] })
  const reading = readCsv(bytes)
  if (!reading.ok) return refused(reading.line, c.t('booking.import.problem.csv'))
  const { header, rows } = reading.table
  const columns = COLUMNS.map((name) => header.indexOf(name))
  if (columns.includes(-1)) return refused(1, c.t('booking.import.problem.columns', { names: COLUMNS.join(' ; ') }))
  if (rows.length === 0 || rows.length > MOST_LINES) return refused(1, c.t('booking.import.problem.size', { most: MOST_LINES }))
  const [unitMap, schools, children] = await Promise.all([readUnits(c.db), c.use(Families).schools({}), childrenById(c, rows.map(({ cells }) => cells[columns[0] ?? 0] ?? ''), c.today())])
  const units = [...unitMap.values()]
  const same = (a: string, b: string): boolean => a.toLocaleLowerCase('fr') === b.toLocaleLowerCase('fr')
  const wishes: LineWish[] = []
  const problems: (LineProblem & Placed)[] = []
  for (const [index, { line, cells }] of rows.entries()) {
    const place = index + 1
    const [childId = '', schoolName = '', unitName = '', date = ''] = columns.map((column) => cells[column] ?? '')
    const [child, day] = [children.get(childId), parseDay(date)]
    const named = units.filter(({ id, name }) => id === unitName || same(name, unitName))
    // Two of the same name: only the identifier says which is meant.
    const unit = named.length === 1 ? named[0] : named.find(({ id }) => id === unitName)
    const before = problems.length
    const wrong = (about: 'child' | 'school' | 'unit' | 'day', value: string): void => { problems.push({ place, line, text: c.t(`booking.import.problem.${about}`, { value: value.slice(0, 80) }) }) }
    if (child === undefined) wrong('child', childId)
    if (schoolName !== '' && !schools.some(({ name }) => same(name, schoolName))) wrong('school', schoolName)
    if (unit === undefined) wrong('unit', unitName)
    if (day === undefined) wrong('day', date)
    if (problems.length === before && child !== undefined && unit !== undefined && day !== undefined) wishes.push({ place, line, child, unitId: unit.id, day, wish: 'add' })
  }
  return { lines: rows.length, wishes, problems }
}
