import type { Grant } from './broker/open-call.ts'
import type { Target } from './protocol.ts'

/** Where calls of a plugin go. */
export interface PluginRunner {
  call(target: Target, input: unknown, grant: Grant): Promise<unknown>
  /** What it answered took the platform so long to look through, in milliseconds: that counts as reading does. @defaultValue it does not count */
  tookToRead?(ms: number): void
}
