import { expect, test } from 'vitest'
import { startCluster } from './cluster.ts'
import { startLoad } from './load.ts'

const TENANTS = 2
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })

test('[M7] a rolling restart fails no request: a node says first that it leaves, answers on until that was noticed, and ends in order', { timeout: 120_000 }, async () => {
  const cluster = await startCluster()
  const first = await cluster.start(0)
  await first.tell({ do: 'prepare', tenants: TENANTS })
  await Promise.all([cluster.start(1), cluster.start(2)])
  await cluster.ready(3)
  const load = startLoad(cluster, TENANTS)
  await pause(1_000)
  const codes: (number | null)[] = []
  for (const index of [0, 1, 2]) {
    codes.push(await cluster.nodes[index]?.stop() ?? null)
    await cluster.start(index)
    await cluster.ready(3)
  }
  await load.stop()
  expect([load.failed, load.excused, codes]).toEqual([[], 0, [0, 0, 0]])
  expect(load.requests).toBeGreaterThan(100)
  const { body } = await cluster.send('GET', 1, '/apps/ledger/entries')
  expect((JSON.parse(body) as { readonly ids: readonly string[] }).ids).toEqual(load.written[0]?.toSorted())
})
