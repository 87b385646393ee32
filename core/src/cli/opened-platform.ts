import type { Platform } from '../platform.ts'
import { configOf, pluginSourcesOf, type Surroundings } from './surroundings.ts'

/** How a platform is opened. */
export interface Opening {
  /** What to log when `LIBERACCES_LOG` says nothing. */
  readonly quiet?: 'silent' | 'warn'
}

/**
 * Opens the platform of the surroundings, with its log on standard error: standard output belongs to answers. The kernel is
 * loaded here and not before, so that a command that a server runs stays quick.
 * @throws PlatformError `CONFIG_INVALID`, `DATA_LOCKED`
 */
export async function openPlatform(surroundings: Surroundings, { quiet }: Opening): Promise<Platform> {
  const config = configOf(surroundings)
  const plugins = await pluginSourcesOf(surroundings)
  const [{ createPlatform }, { createLog }] = await Promise.all([import('../platform.ts'), import('../http/log.ts')])
  const level = surroundings.env['LIBERACCES_LOG'] ? config.logLevel : (quiet ?? config.logLevel)
  return createPlatform({ config, plugins, log: createLog(level, process.stderr) })
}
