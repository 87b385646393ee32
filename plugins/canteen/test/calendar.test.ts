import { existsSync, readFileSync } from 'node:fs'
import { parseDay } from '@liberacces/sdk'
import { describe, expect, test } from 'vitest'
import { dayKind, type Calendar } from '../src/booking/calendar/day-kind.ts'
import { readHolidayCsv } from '../src/booking/calendar/holiday-csv.ts'
import { KNOWN_YEARS, knownHolidays } from '../src/booking/calendar/known-years.ts'

const OFFICIAL = new URL('../../../../shared/data/calendar/vacances-scolaires-zones-2018-2026.csv', import.meta.url)
const file = (...lines: readonly string[]) => new TextEncoder().encode(['date,vacances_zone_a,vacances_zone_b,vacances_zone_c,nom_vacances', ...lines].join('\n'))

const calendar: Calendar = {
  known: { ...KNOWN_YEARS }, holidays: knownHolidays().filter(({ zone }) => zone === 'A'), alsaceMoselle: false,
  closures: [
    { id: '1', kind: 'strike', firstDay: '2026-11-24', lastDay: '2026-11-24', schoolId: 'jaures', activityId: undefined, reason: 'grève nationale' },
    { id: '2', kind: 'closure', firstDay: '2026-11-25', lastDay: '2026-11-26', schoolId: undefined, activityId: 'canteen', reason: 'travaux' },
  ],
}

describe('what a day is', () => {
  test.each([
    ['2026-11-23', {}, 'school', undefined],
    ['2026-11-28', {}, 'weekend', undefined],
    ['2026-10-20', {}, 'holiday', 'Vacances de la Toussaint'],
    ['2026-05-15', {}, 'holiday', 'Pont de l’Ascension'],
    ['2026-11-11', {}, 'public-holiday', 'Armistice'],
    ['2026-11-24', { schoolId: 'jaures' }, 'strike', 'grève nationale'],
    ['2026-11-24', { schoolId: 'ferry' }, 'school', undefined],
    ['2026-11-25', { activityId: 'canteen' }, 'closed', 'travaux'],
    ['2026-11-25', { activityId: 'garderie' }, 'school', undefined],
    ['2026-08-31', {}, 'holiday', 'Vacances d’été'],
    ['2027-02-12', {}, 'school', undefined],
    ['2027-02-15', {}, 'holiday', 'Vacances d’hiver'],
    ['2027-05-06', {}, 'public-holiday', 'Ascension'],
    ['2027-05-07', {}, 'holiday', 'Pont de l’Ascension'],
    ['2027-05-10', {}, 'school', undefined],
    ['2027-08-31', {}, 'holiday', 'Vacances d’été'],
    ['2027-09-01', {}, 'unknown', undefined],
    ['2025-08-29', {}, 'unknown', undefined],
    ['2027-11-11', {}, 'public-holiday', 'Armistice'],
  ] as const)('%s %j is %s', (day, whose, kind, name) => { expect(dayKind(day, calendar, whose)).toEqual({ kind, name }) })

  test('Alsace and Moselle have two more public holidays', () => {
    expect([dayKind('2026-04-03', calendar).kind, dayKind('2026-04-03', { ...calendar, alsaceMoselle: true }).kind]).toEqual(['school', 'public-holiday'])
  })

  test('without any calendar a weekday is unknown, never a school day', () => { expect(dayKind('2026-11-23', { ...calendar, known: undefined }).kind).toBe('unknown') })
})

describe('the official file', () => {
  test.skipIf(!existsSync(OFFICIAL))('is read as published, ends with its last summer, and says what the plugin ships for 2025–2026 (skipped where the file is missing)', () => {
    const reading = readHolidayCsv(readFileSync(OFFICIAL))
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems))
    expect(reading.known.A).toEqual({ firstDay: '2018-01-01', lastDay: '2026-08-30' })
    const plain = (list: readonly { zone: string; name: string; firstDay: string; lastDay: string }[]) => list.filter(({ firstDay }) => firstDay >= '2025-09-01' && firstDay <= '2026-06-30').map(({ zone, firstDay, lastDay }) => `${zone} ${firstDay} ${lastDay}`).toSorted()
    const theirs = plain(reading.holidays)
    // The file leaves out the bridge of 2026; days of a holiday before a Monday count from the Saturday in both.
    expect(plain(knownHolidays()).filter((each) => !each.includes('2026-05-15'))).toEqual(theirs)
  })

  test('tells every faulty line', () => {
    expect(readHolidayCsv(file('2026-02-28,False,False,False,', '2026-02-29,False,peut-être,False,', '2026-03-02,False,False,False,'))).toEqual({
      ok: false, problems: [{ line: 3, problem: 'day' }, { line: 3, problem: 'yes-no' }, { line: 4, problem: 'gap' }],
    })
    expect(readHolidayCsv(new TextEncoder().encode('a;b\n1;2'))).toEqual({ ok: false, problems: [{ line: 1, problem: 'columns' }] })
    expect(readHolidayCsv(file('2026-03-02,False,False,False,'))).toEqual({ ok: false, problems: [{ line: 1, problem: 'no-summer' }] })
    expect(readHolidayCsv(file())).toEqual({ ok: false, problems: [{ line: 1, problem: 'empty-file' }] })
  })
})

test.each([['29/02/2028', '2028-02-29'], ['29/02/2027', undefined], ['2027-02-29', undefined], ['31/04/2026', undefined], ['1/9/2026', '2026-09-01'], ['', undefined]])('%s is %s', (text, day) => { expect(parseDay(text)).toBe(day) })
