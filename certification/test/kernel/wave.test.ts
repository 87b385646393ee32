import { expect, test } from 'vitest'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'
import { LEDGER, LEDGER_ID, ledger } from './ledger-plugin.ts'

const TENANTS = 5

async function atFirst(plugins: Parameters<typeof startKernel>[0]['plugins']): Promise<Kernel> {
  const kernel = await startKernel({ plugins: [LEDGER.first, ...plugins], tenants: TENANTS, enable: [] })
  for (let index = 0; index < TENANTS; index += 1) {
    await kernel.platform.installations.enable(kernel.tenantId(index), LEDGER_ID, '1.0.0', OPERATOR)
    await kernel.visitor(index).post('/apps/ledger/entries', { id: `of-${index}` })
  }
  return kernel
}

const versions = async (kernel: Kernel): Promise<readonly string[]> =>
  Promise.all(Array.from({ length: TENANTS }, async (_, index) => (await kernel.visitor(index).get('/apps/ledger/entries')).json<{ release: string }>().release))

test('[L22] a wave moves every tenant; run again it finds them moved', async () => {
  await using kernel = await atFirst([LEDGER.colour])
  const told: string[] = []
  const outcomes = await kernel.platform.installations.upgradeAll(LEDGER_ID, { range: '*', by: OPERATOR, told: ({ state }, through, total) => { told.push(`${state} ${through}/${total}`) } })
  expect(outcomes.map(({ state, result }) => `${state} ${result?.kind}`)).toEqual(Array.from({ length: TENANTS }, () => 'done upgraded'))
  expect(told.at(-1)).toBe('done 5/5')
  expect(await versions(kernel)).toEqual(Array.from({ length: TENANTS }, () => '1.1.0'))
  const again = await kernel.platform.installations.upgradeAll(LEDGER_ID, { range: '*', by: OPERATOR })
  expect(again.map(({ result }) => result?.kind)).toEqual(Array.from({ length: TENANTS }, () => 'unchanged'))
})

test('[L22] a wave stops at the first failures, says who was not tried, and goes on when it is run again', async () => {
  const seen = { count: 0, fails: true }
  const moody = ledger({ version: '1.1.0', migrations: LEDGER.colour.migrations ?? {}, check: () => { seen.count += 1; if (seen.fails && seen.count > 4) throw new Error('not today') } })
  await using kernel = await atFirst([moody])
  const how = { range: '*', by: OPERATOR, concurrency: 1 }
  const count = (states: readonly { readonly state: string }[]): Readonly<Record<string, number>> => Object.fromEntries([...Map.groupBy(states, ({ state }) => state)].map(([state, own]) => [state, own.length]))
  expect(count(await kernel.platform.installations.upgradeAll(LEDGER_ID, how))).toEqual({ done: 2, failed: 1, left: 2 })
  expect((await versions(kernel)).filter((version) => version === '1.1.0')).toHaveLength(2)
  expect(count(await kernel.platform.installations.upgradeAll(LEDGER_ID, { ...how, maxFailures: 2 }))).toEqual({ done: 2, failed: 2, left: 1 })
  await kernel.restart()
  seen.fails = false
  expect(count(await kernel.platform.installations.upgradeAll(LEDGER_ID, how))).toEqual({ done: 5 })
  expect(await versions(kernel)).toEqual(Array.from({ length: TENANTS }, () => '1.1.0'))
})

test('[L22] tenants that have not consented are no failure: the wave goes past them, and they say what they wait for', async () => {
  await using kernel = await atFirst([LEDGER.wider])
  const outcomes = await kernel.platform.installations.upgradeAll(LEDGER_ID, { range: '*', by: OPERATOR })
  expect(outcomes.map(({ state }) => state)).toEqual(Array.from({ length: TENANTS }, () => 'waiting'))
  const rehearsed = await kernel.platform.installations.rehearseAll(LEDGER_ID, { range: '*', acceptScopes: true, by: OPERATOR })
  expect(rehearsed.map(({ result }) => result?.go)).toEqual(Array.from({ length: TENANTS }, () => true))
  expect(await versions(kernel)).toEqual(Array.from({ length: TENANTS }, () => '1.0.0'))
})
