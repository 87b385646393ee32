/** The official calendar of school holidays, as published: `date,vacances_zone_a,vacances_zone_b,vacances_zone_c,nom_vacances`, a line a day. */
import { addDays, parseDay } from '@liberacces/sdk'
import { readCsv } from '@liberacces/sdk/csv'

/** The zones. */
export const ZONES = ['A', 'B', 'C'] as const
/** One of them. */
export type Zone = (typeof ZONES)[number]

/** A holiday of a zone, both days included. */
export interface ZoneHoliday { readonly zone: Zone; readonly name: string; readonly firstDay: string; readonly lastDay: string }

/** One thing wrong with a file. `line` counts from 1. */
export interface CalendarProblem { readonly line: number; readonly problem: 'csv-syntax' | 'columns' | 'day' | 'yes-no' | 'gap' | 'empty-file' | 'no-summer' }

/** What a file says, or all that is wrong with it. */
export type CalendarReading =
  | { readonly ok: true; readonly holidays: readonly ZoneHoliday[]; readonly known: Readonly<Record<Zone, { readonly firstDay: string; readonly lastDay: string }>> }
  | { readonly ok: false; readonly problems: readonly CalendarProblem[] }

const COLUMNS = ['date', 'vacances_zone_a', 'vacances_zone_b', 'vacances_zone_c', 'nom_vacances'] as const

/**
 * Reads the file. What it knows ends with its last summer holidays: the published file goes on to the end of the calendar year with days that are simply not
 * filled in yet, and these are not school days.
 */
export function readHolidayCsv(bytes: Uint8Array): CalendarReading {
  const reading = readCsv(bytes)
  if (!reading.ok) return { ok: false, problems: [{ line: reading.line, problem: 'csv-syntax' }] }
  const { header, rows } = reading.table
  const places = COLUMNS.map((name) => header.indexOf(name))
  if (places.includes(-1)) return { ok: false, problems: [{ line: 1, problem: 'columns' }] }
  if (rows.length === 0) return { ok: false, problems: [{ line: 1, problem: 'empty-file' }] }
  const problems: CalendarProblem[] = []
  const days: { readonly day: string; readonly in: readonly boolean[]; readonly name: string }[] = []
  for (const { line, cells } of rows) {
    const [date = '', a = '', b = '', c = '', name = ''] = places.map((place) => cells[place] ?? '')
    const day = parseDay(date)
    const marks = [a, b, c].map((text) => (['true', '1'].includes(text.toLowerCase()) ? true : ['false', '0'].includes(text.toLowerCase()) ? false : undefined))
    if (day === undefined) problems.push({ line, problem: 'day' })
    else if (days.length > 0 && day !== addDays(days.at(-1)?.day ?? '', 1)) problems.push({ line, problem: 'gap' })
    if (marks.includes(undefined)) problems.push({ line, problem: 'yes-no' })
    if (day !== undefined) days.push({ day, in: marks.map((mark) => mark === true), name })
  }
  if (problems.length > 0) return { ok: false, problems }
  const holidays = ZONES.flatMap((zone, place) => rangesOf(zone, days.filter((each) => each.in[place] === true)))
  const firstDay = days[0]?.day ?? ''
  const summers = ZONES.map((zone) => holidays.filter((each) => each.zone === zone && each.lastDay.slice(5, 7) === '08').at(-1)?.lastDay)
  if (summers.includes(undefined)) return { ok: false, problems: [{ line: 1, problem: 'no-summer' }] }
  const [A = '', B = '', C = ''] = summers
  return { ok: true, holidays, known: { A: { firstDay, lastDay: A }, B: { firstDay, lastDay: B }, C: { firstDay, lastDay: C } } }
}

function rangesOf(zone: Zone, days: readonly { readonly day: string; readonly name: string }[]): readonly ZoneHoliday[] {
  const ranges: { zone: Zone; name: string; firstDay: string; lastDay: string }[] = []
  for (const { day, name } of days) {
    const last = ranges.at(-1)
    if (last !== undefined && last.name === name && addDays(last.lastDay, 1) === day) last.lastDay = day
    else ranges.push({ zone, name, firstDay: day, lastDay: day })
  }
  return ranges
}
