import { addDays, asDay } from '@liberacces/sdk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byOfficeAndRank, checkMandate, endsWithin, hasEnded, isCurrent, overlaps, type Mandate, type MandateDraft } from '../src/mandate.ts'

const mandate = (startsOn: string, lastDay?: string, fields: Partial<Mandate> = {}): Mandate => ({
  office: 'deputy', title: 'Adjointe', rank: undefined, startsOn: asDay(startsOn), lastDay: lastDay === undefined ? undefined : asDay(lastDay), ...fields,
})
const draft = (fields: Partial<MandateDraft> = {}): MandateDraft => ({ office: 'deputy', title: 'Adjointe', rank: 1, startsOn: '2026-03-20', lastDay: '2032-03-31', ...fields })

describe('the interval of a mandate', () => {
  test('first and last day are both days in office', () => {
    const states = ['2026-03-19', '2026-03-20', '2032-03-31', '2032-04-01'].map((day) => isCurrent(mandate('2026-03-20', '2032-03-31'), asDay(day)))
    expect(states).toEqual([false, true, true, false])
  })

  test('a mandate of one day is in office that day', () => {
    expect(isCurrent(mandate('2026-03-20', '2026-03-20'), asDay('2026-03-20'))).toBe(true)
  })

  test('without a last day it does not end', () => {
    expect(isCurrent(mandate('2026-03-20'), asDay('2199-12-31'))).toBe(true)
    expect(hasEnded(mandate('2026-03-20'), asDay('2199-12-31'))).toBe(false)
  })

  test('it ends within 90 days from the 90th day before its last one, until it is over', () => {
    const states = [91, 90, 0, -1].map((days) => endsWithin(mandate('2026-03-20', '2032-03-31'), addDays(asDay('2032-03-31'), -days), 90))
    expect(states).toEqual([false, true, true, false])
  })

  const day = fc.integer({ min: 0, max: 400 }).map((days) => addDays(asDay('2026-01-01'), days))
  const interval = fc.tuple(day, fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }))
    .map(([start, length]) => mandate(start, length === undefined ? undefined : addDays(start, length)))

  test('on any day a mandate is to come, current or over, and only one of them', () => {
    fc.assert(fc.property(interval, day, (any, today) => Number(any.startsOn > today) + Number(isCurrent(any, today)) + Number(hasEnded(any, today)) === 1))
  })

  test('two mandates overlap if and only if both are current on some day', () => {
    fc.assert(fc.property(interval, interval, (a, b) => {
      // If they share a day at all, they share the later of the two first days.
      const later = a.startsOn > b.startsOn ? a.startsOn : b.startsOn
      return overlaps(a, b) === (isCurrent(a, later) && isCurrent(b, later)) && overlaps(a, b) === overlaps(b, a)
    }))
  })
})

describe('checking a mandate', () => {
  test('accepts and tidies what is right', () => {
    expect(checkMandate(draft({ title: '  Adjointe  à la culture ', startsOn: '20/03/2026', lastDay: '' }), [])).toEqual({
      ok: true, value: { office: 'deputy', title: 'Adjointe à la culture', rank: 1, startsOn: '2026-03-20', lastDay: undefined },
    })
  })

  test('names everything that is wrong at once', () => {
    expect(checkMandate(draft({ title: ' ', rank: 0.5, startsOn: '2026-13-01', lastDay: 'bientôt' }), [])).toEqual({
      ok: false, problems: { title: 'required', rank: 'rank', startsOn: 'day', lastDay: 'day' },
    })
  })

  test('refuses an end before the start', () => {
    expect(checkMandate(draft({ lastDay: '2026-03-19' }), [])).toEqual({ ok: false, problems: { lastDay: 'day-order' } })
  })

  test('refuses the same office twice on one day, not another office, nor the day after', () => {
    const before = [mandate('2020-05-25', '2026-03-20')]
    expect(checkMandate(draft(), before)).toEqual({ ok: false, problems: { startsOn: 'overlap' } })
    expect(checkMandate(draft({ office: 'councillor' }), before).ok).toBe(true)
    expect(checkMandate(draft({ startsOn: '2026-03-21' }), before).ok).toBe(true)
  })
})

test('élus are ordered by office, then rank, those without a rank last', () => {
  const roll = [
    mandate('2026-03-20', undefined, { office: 'councillor', title: 'C' }),
    mandate('2026-03-20', undefined, { office: 'deputy', title: 'B2', rank: 2 }),
    mandate('2026-03-20', undefined, { office: 'deputy', title: 'B?' }),
    mandate('2026-03-20', undefined, { office: 'deputy', title: 'B1', rank: 1 }),
    mandate('2026-03-20', undefined, { office: 'mayor', title: 'A' }),
  ]
  expect(roll.toSorted(byOfficeAndRank).map(({ title }) => title)).toEqual(['A', 'B1', 'B2', 'B?', 'C'])
})
