import { expect, test } from 'vitest'
import { startCluster, type Cluster } from './cluster.ts'
import { startLoad } from './load.ts'

const WAIT = { timeout: 40_000, interval: 100 }
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })

async function three(tenants: number): Promise<Cluster> {
  const cluster = await startCluster()
  const first = await cluster.start(0)
  await first.tell({ do: 'prepare', tenants })
  await Promise.all([cluster.start(1), cluster.start(2)])
  await cluster.ready(3)
  return cluster
}

const ENTRIES = '/apps/ledger/entries'
const releaseOf = ({ body }: { readonly body: string }): string => (JSON.parse(body) as { readonly release: string }).release
const running = (cluster: Cluster, tenant: number): Promise<readonly unknown[]> => Promise.all(cluster.nodes.map(async (node) => node?.tell({ do: 'running', tenant })))

test('[M6] while one node moves a plugin of a tenant the others let nobody in; no request fails, and afterwards all run the release it was moved to', { timeout: 120_000 }, async () => {
  const cluster = await three(2)
  const load = startLoad(cluster, 2)
  await pause(500)
  await cluster.nodes[1]?.tell({ do: 'upgrade', tenant: 1 })
  await expect.poll(() => running(cluster, 1), WAIT).toEqual(['1.1.0', '1.1.0', '1.1.0'])
  await cluster.nodes[2]?.tell({ do: 'rollback', tenant: 1 })
  await expect.poll(() => running(cluster, 1), WAIT).toEqual(['1.0.0', '1.0.0', '1.0.0'])
  await cluster.nodes[0]?.tell({ do: 'upgrade', tenant: 1 })
  await pause(500)
  await load.stop()
  expect([load.failed, load.excused]).toEqual([[], 0])
  expect(load.releases.map((releases) => [...releases].toSorted())).toEqual([['1.0.0', '1.1.0'], ['1.0.0']])
  expect(await running(cluster, 2)).toEqual(['1.0.0', '1.0.0', '1.0.0'])
  const { body } = await cluster.send('GET', 1, ENTRIES)
  expect((JSON.parse(body) as { readonly ids: readonly string[] }).ids).toEqual(load.written[0]?.toSorted())
})

test('[M9] what a node leaves that dies in the middle of an upgrade another one finishes or undoes, while requests wait', { timeout: 180_000 }, async () => {
  const cluster = await three(3)
  const load = startLoad(cluster, 3)
  const seen: Record<string, unknown> = {}
  for (const [index, at] of (['upgrade:begun', 'upgrade:snapshotted', 'upgrade:migrated'] as const).entries()) {
    const tenant = index + 1
    const node = cluster.nodes[index]
    if (node === undefined) throw new Error('A node is missing.')
    await node.tell({ do: 'crash', at })
    const crashed = node.crashed()
    await expect(node.tell({ do: 'upgrade', tenant })).rejects.toThrow('ended')
    await crashed
    const answered = await cluster.send('GET', tenant, ENTRIES)
    seen[at] = [answered.status, releaseOf(answered)]
    if (index < 2) await cluster.start(index)
    await cluster.ready(2)
  }
  await load.stop()
  // Undone where nothing was copied yet, else finished.
  expect(seen).toEqual({ 'upgrade:begun': [200, '1.0.0'], 'upgrade:snapshotted': [200, '1.1.0'], 'upgrade:migrated': [200, '1.1.0'] })
  expect(load.failed).toEqual([])
  const left = cluster.nodes.filter((node) => node !== undefined)
  for (const [index, release] of ['1.0.0', '1.1.0', '1.1.0'].entries()) {
    await expect.poll(() => Promise.all(left.map((node) => node.tell({ do: 'running', tenant: index + 1 }))), WAIT).toEqual(left.map(() => release))
  }
})

test('[M9] the node that finishes what another one left lets nobody in before it runs the new release itself', { timeout: 120_000 }, async () => {
  const cluster = await three(1)
  const [dying, ...survivors] = cluster.nodes.filter((node) => node !== undefined)
  if (dying === undefined) throw new Error('A node is missing.')
  await dying.tell({ do: 'crash', at: 'upgrade:migrated' })
  for (const node of survivors) await node.tell({ do: 'hold', at: 'takeover:finished' })
  const crashed = dying.crashed()
  await expect(dying.tell({ do: 'upgrade', tenant: 1 })).rejects.toThrow('ended')
  await crashed
  const holding = async () => (await Promise.all(survivors.map(async (node) => (await node.tell({ do: 'isHeld' }) === true ? [node] : [])))).flat()[0]
  await expect.poll(holding, WAIT).toBeDefined()
  const finishing = await holding()
  const other = survivors.find((node) => node !== finishing)
  // It is on record: who was only told of it answers with the new release by now.
  expect(releaseOf(await other?.get(1, ENTRIES) ?? { body: '{}' })).toBe('1.1.0')
  const asked = finishing?.get(1, ENTRIES)
  let isAnswered = false
  void asked?.then(() => { isAnswered = true })
  for (let time = 0; time < 20; time += 1) await other?.get(1, ENTRIES)
  expect(isAnswered).toBe(false)
  await finishing?.tell({ do: 'letGo' })
  expect(releaseOf(await asked ?? { body: '{}' })).toBe('1.1.0')
})
