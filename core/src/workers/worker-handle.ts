import type { Locale } from '@liberacces/sdk'
import type { WorkerHandle } from '../runtime/call-context.ts'
import { translatorOf } from '../runtime/messages.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { WorkerKey } from './worker-ports.ts'
import type { Workers } from './workers.ts'

/** What handlers of a plugin see of one of its workers, in the reader's language. */
export function workerHandle(workers: Workers, release: LoadedRelease, key: WorkerKey, locale: Locale): WorkerHandle {
  return {
    get held() { return workers.held(key) },
    get health() {
      const { state, message, since } = workers.stateOf(key)
      return { state, text: message === undefined ? undefined : translatorOf(release, locale)(message.key, message.values), since: new Date(since) }
    },
    wake: () => { workers.wake(key) },
  }
}
