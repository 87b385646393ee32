import { expect, test } from 'vitest'
import { median, percentile, rowOf } from '../src/row.ts'
import { tableOf } from '../src/table.ts'

test('the median is the middle, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([9, 1, 5, 7])).toBe(6)
  expect(() => median([])).toThrow(RangeError)
})

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index)
  expect(percentile(values, 0.99)).toBe(198)
  expect(percentile(values, 1)).toBe(200)
  expect(percentile([7], 0.5)).toBe(7)
  expect(() => percentile([], 0.5)).toThrow(RangeError)
})

test('the ratio is the median of the rounds, so that one disturbed round tells nothing', () => {
  const row = rowOf('read', { what: 'x', unit: 'requests/s', better: 'higher', goal: { of: 'ratio', limit: 0.6 }, ours: [70, 700, 7], bare: [100, 1_000, 1_000] })
  expect(row.ratio).toBe(0.7)
  expect(row.ok).toBe(true)
})

test.each([
  { better: 'higher', of: 'ratio', limit: 0.6, ours: 59, ok: false },
  { better: 'higher', of: 'ratio', limit: 0.6, ours: 60, ok: true },
  { better: 'lower', of: 'ratio', limit: 1.1, ours: 111, ok: false },
  { better: 'lower', of: 'ours', limit: 10, ours: 10, ok: true },
  { better: 'lower', of: 'ours', limit: 10, ours: 11, ok: false },
] as const)('$ours beside 100, of which $of must be $better than $limit: $ok', ({ better, of, limit, ours, ok }) => {
  expect(rowOf('x', { what: 'x', unit: 'ms', better, goal: { of, limit }, ours: [ours], bare: [100] }).ok).toBe(ok)
})

test('a table has a line a figure, columns under one another, and a dash where there is nothing to compare with', () => {
  const rows = [
    rowOf('read', { what: 'token', unit: 'requests/s', better: 'higher', goal: { of: 'ratio', limit: 0.6 }, ours: [8_123.4], bare: [12_000] }),
    rowOf('read', { what: 'CPU', unit: 'µs', better: 'lower', ours: [118.26], bare: [78] }),
    rowOf('install', { what: 'size', unit: 'MB', better: 'lower', goal: { of: 'ours', limit: 60 }, ours: [61.04] }),
  ]
  expect(tableOf(rows)).toBe([
    'measure  what    ours    bare  unit        ratio  goal',
    '───────  ─────  ─────  ──────  ──────────  ─────  ───────  ──────',
    'read     token  8,123  12,000  requests/s   0.68  ≥ 0.6 ×  ok',
    '         CPU      118      78  µs           1.52',
    'install  size      61       –  MB              –  ≤ 60 MB  MISSED',
  ].join('\n'))
})
