import type { KernelStage } from '../kernel/kernel-stage.ts'
import type { SeenScreen } from './seen-screen.ts'

/** A browser before a throw-away platform with the plugin under test on. */
export interface BrowserStage {
  readonly kernel: KernelStage
  /**
   * Every screen that the plugin contributes, in each of its states, looked at once for all checks.
   * @throws whatever kept it from being looked at; each who asks is told the same
   */
  screens(): Promise<readonly SeenScreen[]>
}
