import { expect, test } from 'vitest'
import { startCluster, type ClusterNode } from './cluster.ts'
import { startLoad } from './load.ts'

const TENANTS = 3
/** How long it goes on, in seconds: minutes where somebody asks for it. */
const SECONDS = Number(process.env['LIBERACCES_NODES_TEST_SECONDS'] || '30')
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })

test('[M8] three nodes under load, killed and cut off from the database at random, their clocks apart: nothing that was acknowledged is lost, each event has its effect once, and only requests of the dead fail', { timeout: 240_000 + 3 * SECONDS * 1_000 }, async () => {
  const cluster = await startCluster()
  const first = await cluster.start(0)
  await first.tell({ do: 'prepare', tenants: TENANTS })
  // Before and after the database's.
  const skews = [0, 60_000, -60_000] as const
  await Promise.all([1, 2].map((index) => cluster.start(index, { skewMs: skews[index] ?? 0 })))
  await cluster.ready(3)
  const load = startLoad(cluster, TENANTS)
  const until = performance.now() + SECONDS * 1_000
  const done = { killed: 0, cut: 0, forAMoment: 0 }
  for (let turn = Math.floor(Math.random() * 3); performance.now() < until; turn += 1) {
    await pause(500 + Math.random() * 1_500)
    const node = cluster.nodes[Math.floor(Math.random() * 3)] as ClusterNode
    switch (turn % 3) {
      case 0: {
        await node.kill()
        await cluster.start(node.index, { skewMs: skews[node.index] ?? 0 })
        done.killed += 1
        break
      }
      case 1: {
        // Long enough to be held for dead.
        node.cut()
        await pause(6_000)
        node.mend()
        done.cut += 1
        break
      }
      default: {
        node.cut()
        await pause(Math.random() * 1_500)
        node.mend()
        done.forAMoment += 1
      }
    }
    await cluster.ready(3)
  }
  await load.stop()
  const written = load.written.map((ids) => ids.toSorted())
  console.log(JSON.stringify({ seconds: SECONDS, ...done, requests: load.requests, written: written.map(({ length }) => length), excused: load.excused, failed: load.failed.length }))
  expect(load.failed).toEqual([])
  for (let tenant = 1; tenant <= TENANTS; tenant += 1) {
    const mine = written[tenant - 1] ?? []
    const { body } = await cluster.send('GET', tenant, '/apps/ledger/entries')
    const kept = new Set((JSON.parse(body) as { readonly ids: readonly string[] }).ids)
    expect(mine.filter((id) => !kept.has(id))).toEqual([])
    // What was not acknowledged may be there all the same; its event is then, too.
    await expect.poll(async () => {
      for (const node of cluster.nodes) await node?.tell({ do: 'settle' })
      const seen = JSON.parse((await cluster.send('GET', tenant, '/apps/auditor/seen')).body) as readonly string[]
      return [seen.length, [...kept].filter((id) => !seen.includes(id))]
    }, { timeout: 60_000, interval: 1_000 }).toEqual([kept.size, []])
  }
})
