import { openBrowserStage } from '../browser/open-browser-stage.ts'
import { openKernelStage } from '../kernel/open-kernel-stage.ts'
import type { GateOpeners } from './gate-opener.ts'
import { openSources } from './open-sources.ts'

/** How each gate is opened. */
export const GATE_OPENERS: GateOpeners = {
  package: async (subject) => ({ ground: subject, close: async () => undefined }),
  static: async (subject) => ({ ground: await openSources(subject), close: async () => undefined }),
  kernel: openKernelStage,
  browser: openBrowserStage,
}
