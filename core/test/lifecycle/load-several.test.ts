import { setImmediate as turn } from 'node:timers/promises'
import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'vitest'
import { loadSeveral } from '../../src/lifecycle/load-several.ts'
import type { LoadedRelease } from '../../src/runtime/release.ts'

/** A catalogue whose releases are ready once the test says so. */
function slowCatalogue(): { readonly under: Map<string, PromiseWithResolvers<LoadedRelease>>; readonly load: (id: string, version: string) => Promise<LoadedRelease> } {
  const under = new Map<string, PromiseWithResolvers<LoadedRelease>>()
  return {
    under,
    load: (id) => {
      const loading = Promise.withResolvers<LoadedRelease>()
      under.set(id, loading)
      return loading.promise
    },
  }
}

const release = (id: string): LoadedRelease => ({ manifest: { id } }) as LoadedRelease
const AT_ONCE = availableParallelism() + 1

describe('releases are loaded several at a time', () => {
  test('[R210] one more than there are cores at once, the next as soon as one is ready, and all come in the order that they were asked for', async () => {
    const catalogue = slowCatalogue()
    const wanted = Array.from({ length: AT_ONCE + 2 }, (_, index) => ({ id: `p${index}`, version: '1.0.0' }))
    const loading = Promise.all(loadSeveral(catalogue, wanted))
    await turn()
    expect([...catalogue.under.keys()]).toEqual(wanted.slice(0, AT_ONCE).map(({ id }) => id))
    catalogue.under.get('p1')?.resolve(release('p1'))
    await turn()
    expect(catalogue.under.size).toBe(AT_ONCE + 1)
    catalogue.under.get('p0')?.resolve(release('p0'))
    await turn()
    for (const [id, { resolve }] of catalogue.under) resolve(release(id))
    expect((await loading).map(({ manifest }) => manifest.id)).toEqual(wanted.map(({ id }) => id))
  })

  test('[R210] one that fails costs only itself', async () => {
    const catalogue = slowCatalogue()
    const wanted = Array.from({ length: AT_ONCE * 2 }, (_, index) => ({ id: `p${index}`, version: '1.0.0' }))
    const loading = Promise.allSettled(loadSeveral(catalogue, wanted))
    await turn()
    for (const [id, { resolve, reject }] of catalogue.under) {
      if (id === 'p0') reject(new Error('it does not load'))
      else resolve(release(id))
    }
    await turn()
    for (const [id, { resolve }] of catalogue.under) resolve(release(id))
    const outcomes = await loading
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...Array.from({ length: AT_ONCE * 2 - 1 }, () => 'fulfilled')])
  })
})
