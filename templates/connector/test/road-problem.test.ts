import { expect, test } from 'vitest'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { backOffMs, KINDS, meaningOf } from '../src/road-problem.ts'

test('the waits double, up to six hours', () => {
  expect([1, 2, 3, 9, 10, 1_000].map((tries) => backOffMs(tries) / 60_000)).toEqual([1, 2, 4, 256, 360, 360])
})

test('only a clear answer counts as taken or refused', () => {
  expect(meaningOf(201, { reference: 'A1' }, null)).toEqual({ kind: 'taken', reference: 'A1' })
  expect([meaningOf(200, undefined, null), meaningOf(401, {}, null), meaningOf(404, {}, null), meaningOf(429, {}, '30'), meaningOf(500, {}, 'soon')].map(({ kind }) => kind)).toEqual(['later', 'later', 'later', 'later', 'later'])
  expect(meaningOf(429, {}, '30')).toMatchObject({ afterMs: 30_000 })
  expect(meaningOf(422, { message: 'no' }, null)).toEqual({ kind: 'refused', why: 'no' })
})

test('both languages say the same things, and every kind has its words', () => {
  expect(Object.keys(en)).toEqual(Object.keys(fr))
  expect(Object.keys(fr)).toEqual(expect.arrayContaining(KINDS.map((kind) => `field.kind.${kind}`)))
})
