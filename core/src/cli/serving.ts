import { once } from 'node:events'
import type { Platform } from '../platform.ts'
import { startControlServer } from './control/control-server.ts'
import { openPlatform, type Opening } from './opened-platform.ts'
import { runnerOn } from './platform-runner.ts'
import { listenForStop } from './stop-request.ts'
import type { Surroundings } from './surroundings.ts'

/** What a server does besides serving. */
export interface ServingSteps {
  /** Once commands are taken and before anyone is served. Stops early when the signal aborts. */
  prepare?(platform: Platform, stop: AbortSignal): Promise<void>
  /** Once it serves. */
  ready(platform: Platform, port: number): Promise<void> | void
}

/**
 * Opens a platform, takes commands, serves, and closes everything when it is asked to stop. Resolves to the exit code.
 * @throws PlatformError `CONFIG_INVALID`, `DATA_LOCKED`
 */
export async function serveUntilAsked(surroundings: Surroundings, quiet: Pick<Opening, 'quiet'>, steps: ServingSteps): Promise<number> {
  const stop = listenForStop(surroundings.env)
  try {
    const platform = await openPlatform(surroundings, quiet)
    const broken = watchForDefects(platform)
    try {
      const control = await startControlServer(platform.config.dataFolder, runnerOn(platform))
      try {
        await steps.prepare?.(platform, stop.signal)
        if (!stop.signal.aborted) {
          const { port } = await platform.listen()
          await steps.ready(platform, port)
        }
        const ended = AbortSignal.any([stop.signal, broken.signal])
        if (!ended.aborted) await once(ended, 'abort')
        if (!broken.signal.aborted) await platform.leave()
      } finally {
        await control.stop()
      }
    } finally {
      for (const { label, error } of await platform.stop()) if (error !== undefined) platform.log.warn({ err: error }, `${label} did not close in good order`)
      broken.dispose()
    }
    return broken.signal.aborted ? 1 : 0
  } finally {
    stop.dispose()
  }
}

/**
 * A promise that nobody waited for costs a line in the log, since plugin code of one tenant must not end the service of all. An
 * exception that nobody caught leaves the process in a state that nobody knows: it ends, in good order, for its supervisor to start anew.
 */
function watchForDefects({ log }: Platform): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController()
  const rejected = (err: unknown): void => { log.error({ err }, 'a promise was rejected and nobody waited for it') }
  const thrown = (err: unknown): void => {
    log.fatal({ err }, 'an exception was caught by nobody; stopping')
    controller.abort()
  }
  process.on('unhandledRejection', rejected)
  process.on('uncaughtException', thrown)
  return {
    signal: controller.signal,
    dispose() {
      process.off('unhandledRejection', rejected)
      process.off('uncaughtException', thrown)
    },
  }
}
