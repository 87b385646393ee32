import type { Manifest } from '@liberacces/sdk/host'
import type { OutsideLoader } from '../process/outside-loader.ts'
import type { PluginSource, RunsIn } from './plugin-source.ts'

/** What the operator wants of where plugins run. */
export interface RuntimeChoice {
  /** `as-asked`: as its manifest says, where it came in an archive; what lies in the folder of plugins is the operator's own. */
  readonly all: 'as-asked' | 'process' | 'inline'
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

/** Where a plugin of a source is to run. */
export function runsIn({ runtime, manifest, code, names = [] }: Pick<PluginSource, 'runtime' | 'manifest' | 'code' | 'names'>, { all, of }: RuntimeChoice): RunsIn {
  if (runtime !== undefined) return runtime
  const named = [...(manifest === undefined ? [] : [manifest.id]), ...names].map((name) => of.get(name)).find((choice) => choice !== undefined)
  const wanted = named ?? (all === 'as-asked' ? asked(manifest) : all)
  // What code holds already can go nowhere else.
  return wanted === 'process' && code === undefined ? 'inline' : wanted
}

function asked(manifest: Manifest | undefined): 'process' | 'inline' {
  return manifest === undefined || manifest.runtime === 'inline' ? 'inline' : 'process'
}
