import { resolve } from 'node:path'
import { pluginsUnder, type PluginSource } from '../catalogue/plugin-source.ts'
import { readConfig, type Config } from '../config.ts'

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json: boolean
  /** Data folder, over `LIBERACCES_DATA`. */
  readonly data?: string
  /** Folder with the plugins' packages, over `LIBERACCES_PLUGINS`. */
  readonly plugins?: string
}

/** What a command of this process has around it. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Working directory: relative paths start here. */
  readonly folder: string
  readonly options: GlobalOptions
}

/**
 * The configuration of the environment, with the command line's options over it.
 * @throws PlatformError `CONFIG_INVALID`
 */
export function configOf({ env, folder, options }: Surroundings): Config {
  return readConfig(options.data === undefined ? env : { ...env, LIBERACCES_DATA: options.data }, folder)
}

/** Folder that holds the plugins: `plugins` in the working directory unless said otherwise. */
export function pluginFolderOf({ env, folder, options }: Surroundings): string {
  return resolve(folder, options.plugins ?? (env['LIBERACCES_PLUGINS'] || 'plugins'))
}

/** The plugins of {@link pluginFolderOf}. */
export function pluginSourcesOf(surroundings: Surroundings): Promise<readonly PluginSource[]> {
  return pluginsUnder(pluginFolderOf(surroundings))
}
