import { expect, test } from 'vitest'
import { formatOf } from '../../src/runtime/format.ts'

test.each([
  ['fr', ['1er février 2026', '11 mai 2026', '1er mars 2026 à 13:05', '21 mars 2026 à 01:00']],
  ['en', ['1 February 2026', '11 May 2026', '1 March 2026 at 13:05', '21 March 2026 at 01:00']],
] as const)('dates are written as people of a language write them: %s', (locale, words) => {
  const format = formatOf(locale)
  expect([format.date('2026-02-01'), format.date('2026-05-11'), format.dateTime(new Date('2026-03-01T12:05:00Z')), format.dateTime(new Date('2026-03-21T00:00:00Z'))]).toEqual(words)
})
