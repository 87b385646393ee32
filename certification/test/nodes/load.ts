import type { Cluster, Passed } from './cluster.ts'

/** What a load did. */
export interface Load {
  /** Ids of entries whose writing was acknowledged, by tenant. */
  readonly written: readonly string[][]
  /** Requests that failed though their node was neither dead nor cut off. */
  readonly failed: Passed[]
  /** Those that failed on a node that was. */
  excused: number
  requests: number
  /** Releases that answered, by tenant. */
  readonly releases: readonly Set<string>[]
  /** Ends it, when what is under way is answered. */
  stop(): Promise<void>
}

/** Writes and reads at some tenants, through the proxy, until it is stopped. */
export function startLoad(cluster: Cluster, tenants: number): Load {
  const state = { written: Array.from({ length: tenants }, (): string[] => []), failed: [] as Passed[], excused: 0, requests: 0, releases: Array.from({ length: tenants }, () => new Set<string>()) }
  let isGoing = true
  let number = 0
  const judge = (passed: Passed, wanted: number): boolean => {
    state.requests += 1
    if (passed.status === wanted) return true
    if (cluster.isExcused(passed)) state.excused += 1
    else state.failed.push(passed)
    return false
  }
  const writer = async (tenant: number): Promise<void> => {
    while (isGoing) {
      const id = `e-${String(number += 1).padStart(7, '0')}`
      const passed = await cluster.send('POST', tenant, '/apps/ledger/entries', { id })
      if (judge(passed, 201)) state.written[tenant - 1]?.push(id)
    }
  }
  const reader = async (tenant: number): Promise<void> => {
    while (isGoing) {
      const passed = await cluster.send('GET', tenant, '/apps/ledger/entries')
      if (judge(passed, 200)) state.releases[tenant - 1]?.add((JSON.parse(passed.body) as { readonly release: string }).release)
      await new Promise((resolve) => { setTimeout(resolve, 20) })
    }
  }
  const working = Array.from({ length: tenants }, (_, index) => [writer(index + 1), reader(index + 1)]).flat()
  return Object.assign(state, {
    stop: async () => {
      isGoing = false
      await Promise.all(working)
    },
  })
}
