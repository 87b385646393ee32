import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ageClass, PresenceCount, type Counted } from '../../src/caf/presence.ts'

const booking = (more: Partial<Counted>): Counted => ({ child_id: 'a', household_id: 'h', unit_id: 'soir', day: '2026-03-02', state: 'present', arrived_at: null, left_at: null, ...more })
const counter = (): PresenceCount => new PresenceCount(new Map([['soir', { activity: 'Garderie', minutes: 120 }], ['repas', { activity: 'Cantine', minutes: 90 }]]))

test('the age is that of the day: the class changes on the birthday, and of who was born on 29 February on 1 March', () => {
  expect([ageClass('2020-03-02', '2026-03-01'), ageClass('2020-03-02', '2026-03-02'), ageClass('2014-01-01', '2025-12-31'), ageClass('2014-01-01', '2026-01-01'), ageClass('2008-01-01', '2026-01-01'), ageClass(undefined, '2026-01-01')])
    .toEqual(['under-6', '6-11', '6-11', '12-17', 'adult', 'unknown'])
  expect([ageClass('2020-02-29', '2026-02-28'), ageClass('2020-02-29', '2026-03-01')]).toEqual(['under-6', '6-11'])
})

test('hours booked are those of the unit, hours come those that were noted or the unit’s; absences were booked and did not come; what waits is nothing', () => {
  const count = counter()
  count.add(booking({ arrived_at: '2026-03-02T15:30:00Z', left_at: '2026-03-02T16:15:00Z' }), '2021-01-01', 'CNAF')
  count.add(booking({ day: '2026-03-03', state: 'absent-justified' }), '2021-01-01', 'CNAF')
  count.add(booking({ day: '2026-03-05', state: 'booked' }), '2021-01-01', 'CNAF')
  count.add(booking({ day: '2026-03-06', state: 'waiting' }), '2021-01-01', 'CNAF')
  count.add(booking({ child_id: 'b', unit_id: 'repas' }), '2018-01-01', 'MSA')
  count.add(booking({ child_id: 'c', unit_id: 'gone' }), '2018-01-01', 'MSA')
  expect(count.groups()).toEqual([
    { activity: 'Cantine', age: '6-11', regime: 'MSA', children: 1, days: 1, booked: 1, bookedMinutes: 90, present: 1, presentMinutes: 90 },
    { activity: 'Garderie', age: 'under-6', regime: 'CNAF', children: 1, days: 1, booked: 3, bookedMinutes: 360, present: 1, presentMinutes: 45 },
  ])
})

test('whatever is counted, ages and régimes add up to the activity, but for children, who have birthdays', () => {
  const day = fc.integer({ min: 1, max: 28 }).map((number) => `2026-03-${String(number).padStart(2, '0')}`)
  const row = fc.record({
    child: fc.constantFrom('a', 'b', 'c'), unit: fc.constantFrom('soir', 'repas'), day, state: fc.constantFrom('booked', 'present', 'absent-justified', 'absent-unjustified', 'waiting', 'requested', 'refused'),
    regime: fc.constantFrom('CNAF', 'MSA', 'unknown'), birthDay: fc.constantFrom('2020-03-15', '2014-03-15', '2019-01-01', undefined),
  })
  fc.assert(fc.property(fc.array(row), (rows) => {
    const count = counter()
    for (const { child, unit, birthDay, regime, ...more } of rows) count.add(booking({ child_id: child, unit_id: unit, ...more } as Partial<Counted>), birthDay, regime as 'CNAF')
    const groups = count.groups()
    for (const whole of count.activities()) {
      const own = groups.filter(({ activity }) => activity === whole.activity)
      for (const number of ['booked', 'bookedMinutes', 'present', 'presentMinutes'] as const) expect(own.reduce((sum, group) => sum + group[number], 0)).toBe(whole[number])
      expect(own.reduce((sum, { children }) => sum + children, 0)).toBeGreaterThanOrEqual(whole.children)
      expect(whole.present).toBeLessThanOrEqual(whole.booked)
    }
  }))
})
