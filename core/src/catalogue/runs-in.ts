import type { OutsideLoader } from '../process/outside-loader.ts'
import type { PluginSource, RunsIn } from './plugin-source.ts'

/** What the operator wants of where plugins run. */
export interface RuntimeChoice {
  /** `by-origin`: what came in an archive has a process of its own, whatever it asks; what lies in the folder of plugins is the operator's own, and runs inline. */
  readonly all: 'by-origin' | 'process' | 'inline'
  /** By plugin's id, or the name of its package, over the rest. */
  readonly of: ReadonlyMap<string, 'process' | 'inline'>
}

/** What is needed to run plugins outside of the kernel's process. */
export interface OutsideRunner {
  readonly loader: OutsideLoader
  readonly choice: RuntimeChoice
}

/** Every plugin in the kernel's own process. */
export const ALL_INLINE: RuntimeChoice = { all: 'inline', of: new Map() }

/** Memory of a process whose plugin has not said yet what it needs, in MiB: what the SDK says for those that never do. */
export const USUAL_MEMORY_MB = 128

/** Where a plugin of a source is to run. Which wall stands around an archive is for the operator to say, never for its publisher. */
export function runsIn({ runtime, manifest, digest, code, names = [] }: Pick<PluginSource, 'runtime' | 'manifest' | 'digest' | 'code' | 'names'>, { all, of }: RuntimeChoice): RunsIn {
  if (runtime !== undefined) return runtime
  const named = [...(manifest === undefined ? [] : [manifest.id]), ...names].map((name) => of.get(name)).find((choice) => choice !== undefined)
  const wanted = named ?? (all === 'by-origin' ? (digest === undefined ? 'inline' : 'process') : all)
  // What code holds already can go nowhere else.
  return wanted === 'process' && code === undefined ? 'inline' : wanted
}
