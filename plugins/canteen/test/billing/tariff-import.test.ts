import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COLUMNS, planTariffImport, type ImportFacts } from '../../src/billing/tariff-import.ts'
import { endLock, tariffLock } from '../../src/billing/tariff-lock.ts'
import { tariffFaults } from '../../src/tariffs/tariff-faults.ts'

const FACTS: ImportFacts = {
  units: [{ id: 'repas', name: 'Repas' }, { id: 'soir', name: 'Garderie du soir' }],
  regies: [{ id: 'regie', number: 1, billed: '2026-10-31' }],
  tariffs: [{ unitId: 'repas', name: 'Repas 2026', firstDay: '2026-01-01', lastDay: '2026-12-31' }],
}
const plan = (...lines: readonly string[]) => planTariffImport(Buffer.from([COLUMNS.join(';'), ...lines].join('\r\n')), FACTS)
const told = (...lines: readonly string[]) => plan(...lines).problems.map((problem) => [problem.line, problem.kind === 'fault' ? problem.fault.kind : problem.kind])
const GOOD = ['Repas;2027;1;01/01/2027;31/12/2027;T1;0;400;1,00;6,50;7067;non', 'Repas;2027;1;01/01/2027;31/12/2027;T2;401;;3,42;;7067;non']

test('a file of tiers is a tariff, in whatever order its lines are; a quotient of 0 and 29 February of a leap year are good', () => {
  const { tariffs, problems } = plan(...GOOD.toReversed())
  expect(problems).toEqual([])
  expect(tariffs.map(({ unitId, regieId, firstDay, lastDay, account, childcare, rules }) => [unitId, regieId, firstDay, lastDay, account, childcare, rules.tiers, rules.price])).toEqual([
    ['repas', 'regie', '2027-01-01', '2027-12-31', '7067', false, [{ name: 'T1', from: 0, to: 400 }, { name: 'T2', from: 401, to: null }], { kind: 'fixed', cents: { resident: [100, 342], other: [650, 342] } }],
  ])
  expect(told('Garderie du soir;S;01;29/02/2028;;T;0;;2;;;oui')).toEqual([])
})

test('every faulty line is told, and of a tariff with one nothing is imported; the others are good', () => {
  const { tariffs, problems } = plan(
    'Repas;Neg;1;01/01/2028;31/12/2028;T;0;;-1,00;;;',
    'Piscine;X;9;31/02/2027;;T;0;;1;;;',
    'Garderie du soir;Soir;1;2027-01-01;2026-12-31;T;0;;1;;;',
    'Garderie du soir;Prix;1;2027-01-01;;T;0;x;douze;;;peut-être',
    'Garderie du soir;29;1;29/02/2027;;T;0;;1;;;',
    ...GOOD,
  )
  expect(problems.map(({ line, kind }) => [line, kind])).toEqual([[2, 'negative'], [3, 'unit'], [3, 'regie'], [3, 'day'], [4, 'period'], [5, 'quotient'], [5, 'price'], [5, 'childcare'], [6, 'day']])
  expect(tariffs.map(({ name }) => name)).toEqual(['2027'])
})

test('tiers that overlap or leave a gap, tariffs whose days do, lines that disagree, and days that are billed are told where they begin', () => {
  const soir = (tier: string, from: string, to: string, more = '1;2027-01-01;') => `Garderie du soir;S;${more};${tier};${from};${to};1;;;`
  expect(told(soir('A', '0', '400'), soir('B', '402', ''))).toEqual([[2, 'gap']])
  expect(told(soir('A', '0', '400'), soir('B', '400', ''))).toEqual([[2, 'overlap']])
  expect(told(soir('A', '1', ''))).toEqual([[2, 'start']])
  expect(told(soir('A', '0', '400'))).toEqual([[2, 'closed']])
  expect(told(soir('A', '0', '400'), soir('B', '401', '', '1;2027-01-01;2027-06-30'))).toEqual([[3, 'mixed']])
  expect(told('Repas;Autre;1;2026-12-01;;T;0;;1;;;')).toEqual([[2, 'overlap']])
  expect(told(...GOOD, 'Repas;Bis;1;2027-06-01;;T;0;;1;;;')).toEqual([[4, 'overlap']])
  expect(told('Garderie du soir;S;1;2026-10-31;;T;0;;1;;;')).toEqual([[2, 'billed']])
  expect([told(), planTariffImport(Buffer.from('a;b\n1;2'), FACTS).problems, planTariffImport(Buffer.from('"a'), FACTS).problems.map(({ kind }) => kind)]).toEqual([[[1, 'size']], [{ line: 1, kind: 'columns' }], ['csv']])
})

test('whatever a file holds: what is taken from it has no fault, and no price below zero', () => {
  const cell = fc.oneof(fc.constantFrom('Repas', 'repas', '1', '01/01/2027', '29/02/2027', '', '0', '400', '401', '-3', '3,42', '=1+1', 'oui'), fc.string({ maxLength: 12 }))
  fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 12, maxLength: 12 }), { maxLength: 12 }), (rows) => {
    const { tariffs } = plan(...rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(';')))
    for (const { rules } of tariffs) {
      expect(tariffFaults(rules)).toEqual([])
      expect(rules.price.kind === 'fixed' && [...rules.price.cents.resident, ...rules.price.cents.other].every((cents) => Number.isInteger(cents) && cents >= 0)).toBe(true)
    }
  }))
})

test('the past of a validated campaign is not written anew: a tariff begins after it, one that billed stays, and ends no earlier', () => {
  expect(tariffLock(undefined, undefined, '2020-01-01')).toBeUndefined()
  expect([tariffLock('2026-10-31', undefined, '2026-10-31'), tariffLock('2026-10-31', undefined, '2026-11-01')]).toEqual(['starts-in-past', undefined])
  expect([tariffLock('2026-10-31', { firstDay: '2026-01-01' }, '2026-11-01'), tariffLock('2026-10-31', { firstDay: '2026-11-01' }, '2026-12-01'), tariffLock('2026-10-31', { firstDay: '2026-11-01' }, '2026-10-01')]).toEqual(['has-billed', undefined, 'starts-in-past'])
  expect([endLock('2026-10-31', '2026-01-01', '2026-10-30', null), endLock('2026-10-31', '2026-01-01', '2026-10-31', null), endLock('2026-10-31', '2026-11-01', '2026-11-01', null)]).toEqual(['ends-in-past', undefined, undefined])
  // One that had ended before what was billed is not made longer over it.
  expect([endLock('2026-10-31', '2026-01-01', '2026-12-31', '2026-09-30'), endLock('2026-10-31', '2026-01-01', '2026-12-31', '2026-10-31')]).toEqual(['has-billed', undefined])
})
