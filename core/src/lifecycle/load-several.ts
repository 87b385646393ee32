import { availableParallelism } from 'node:os'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { LoadedRelease } from '../runtime/release.ts'

/** One more than there are cores: while one waits for its disk another computes. More would only make each slower, up to the time that loading may take. */
const AT_ONCE = availableParallelism() + 1

/**
 * Loads releases, several at a time: each may be a process to start. Who asks for the same ones elsewhere gets the same.
 * @returns one promise for each, in their order; each rejects as {@link Catalogue.load} does
 */
export function loadSeveral(catalogue: Pick<Catalogue, 'load'>, wanted: readonly { readonly id: string; readonly version: string }[]): readonly Promise<LoadedRelease>[] {
  const promises: Promise<LoadedRelease>[] = []
  for (const [index, { id, version }] of wanted.entries()) {
    const load = (): Promise<LoadedRelease> => catalogue.load(id, version)
    // After the one so many places before it, however that ended: so there are never more under way.
    promises.push((promises[index - AT_ONCE] ?? Promise.resolve()).then(load, load))
  }
  return promises
}
