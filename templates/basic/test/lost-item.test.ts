import { expect, test } from 'vitest'
import { addDays, dayOf, stateOn } from '../src/lost-item.ts'
import { searchText } from '../src/search-text.ts'

test('an item is kept through its last day, then unclaimed; once returned it stays so', () => {
  const dates = { keptUntil: '2026-03-10', returnedOn: undefined }
  expect([stateOn(dates, '2026-03-10'), stateOn(dates, '2026-03-11'), stateOn({ ...dates, returnedOn: '2026-03-05' }, '2026-03-11')]).toEqual(['kept', 'unclaimed', 'returned'])
})

test('days count over months, leap years and changes of the clock', () => {
  expect([addDays('2026-02-28', 1), addDays('2028-02-28', 1), addDays('2026-03-28', 2), addDays('2026-03-02', 366)]).toEqual(['2026-03-01', '2028-02-29', '2026-03-30', '2027-03-03'])
})

test('a day begins at midnight in Paris', () => {
  expect([dayOf(new Date('2026-03-01T22:59:00Z')), dayOf(new Date('2026-03-01T23:00:00Z'))]).toEqual(['2026-03-01', '2026-03-02'])
})

test('the search knows neither accents, case nor wildcards', () => {
  expect([searchText('Écharpe d’été'), searchText('100 %_cœur')]).toEqual(['echarpe d ete', '100 coeur'])
})
