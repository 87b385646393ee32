import { startTestPlatform, type TestClient } from '@liberacces/certification/testing'
import { expect, test } from 'vitest'
import type { ChildCard, HealthFlag, HouseholdCard, SchoolCard } from '../src/contract.ts'
import plugin from '../src/plugin.tsx'
import { user } from './families-kit.ts'

const ask = async <Answer>(client: TestClient, operation: string, input: object): Promise<Answer> => {
  const answer = await client.post(`/apps/usager/ask/${operation}`, input)
  expect(answer.status, answer.text).toBe(200)
  return answer.json<{ answer: Answer }>().answer
}

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
