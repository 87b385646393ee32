import type { KernelStage } from '../kernel/kernel-stage.ts'

/** A browser before a throw-away platform with the plugin under test installed. */
export interface BrowserStage {
  readonly kernel: KernelStage
}
