import { startTestPlatform } from '@liberacces/certification/testing'
import { expect, test } from 'vitest'
import type { ChildCard, HealthFlag, HouseholdCard, SchoolCard } from '../src/contract.ts'
import plugin from '../src/plugin.tsx'
import { DEMO_CODE } from '../src/claim-code.ts'
import { ask, user } from './families-kit.ts'

test('the demonstration fills two schools with 220 children, a dozen of them with a PAI, and every day of each has a payer', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user], demo: true })
  const agent = await platform.as('agent.enfance')
  const schools = await ask<SchoolCard[]>(agent, 'schools', {})
  expect(schools.flatMap(({ classes }) => classes.map(({ level }) => level)).toSorted()).toEqual(['CE1', 'CE2', 'CM1', 'CM2', 'CP', 'GS', 'MS', 'PS'])
  const children = await ask<ChildCard[]>(agent, 'children', {})
  expect([children.length, children.filter(({ classId }) => classId === undefined).length]).toEqual([220, 0])
  const households = await ask<HouseholdCard[]>(agent, 'households', {})
  expect(households.length).toBeGreaterThan(120)
  const flags = await ask<HealthFlag[]>(agent, 'healthFlags', { childIds: children.map(({ id }) => id), purpose: 'attendance', on: '2026-03-02' })
  expect(flags.filter(({ pai }) => pai).length).toBeGreaterThanOrEqual(10)
  for (const size of schools.flatMap(({ classes }) => classes.map(({ id }) => children.filter(({ classId }) => classId === id).length))) expect([size >= 18, size <= 38]).toEqual([true, true])
  const [{ payers }] = await ask<[{ payers: unknown[] }]>(agent, 'payers', { childId: children[0]?.id ?? '', days: ['2026-03-02'] })
  expect(payers).toHaveLength(1)
})

test('the citizen of a demonstration is linked to a family with two children by its code', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user], demo: true })
  // Filled again it does no harm.
  await platform.fill(platform.tenant().id)
  const citizen = await platform.as('citizen')
  expect((await citizen.submit('/apps/familles/rattacher', { code: DEMO_CODE })).status).toBe(303)
  const [household] = await ask<HouseholdCard[]>(citizen, 'ownHouseholds', {})
  expect([household?.children.length, household?.guardians.length]).toEqual([2, 2])
  expect(await ask(citizen, 'quotient', { householdId: household?.id, on: '2026-03-02' })).toMatchObject({ month: '2026-02' })
})
