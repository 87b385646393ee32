import type { Grant } from './broker/open-call.ts'
import type { Target } from './protocol.ts'

/** Where calls of a plugin go. */
export interface PluginRunner {
  call(target: Target, input: unknown, grant: Grant): Promise<unknown>
}
