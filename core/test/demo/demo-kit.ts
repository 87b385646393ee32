import { pluginsUnder, type PluginSource } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import { LA_ROCHELLE, type DemoArea } from '../../src/demo/demo-collectivites.ts'
import { fillDemo, type DemoOptions } from '../../src/demo/fill-demo.ts'
import { createLog } from '../../src/http/log.ts'
import { createPlatform, type Platform } from '../../src/platform.ts'
import { PLUGINS } from '../cli/cli-kit.ts'
import { runEnvironment } from '../run-environment.ts'

/** Two communes and the CCAS: what takes a demonstration's every path, and little time. */
export const SMALL_AREA: DemoArea = { ...LA_ROCHELLE, communes: ['17300', '17028'] }

/** The demonstration's addresses in tests. */
export const addressOf = (slug: string): string => `http://${slug}.localhost:3000`

/** Opens a platform on a folder, without serving. */
export async function openPlatform(dataFolder: string, plugins?: readonly PluginSource[]): Promise<Platform> {
  return createPlatform({
    config: readConfig({ PORT: '0', ...await runEnvironment(dataFolder), LIBERACCES_LOG: 'silent', LIBERACCES_BREAKER: 'off' }, dataFolder),
    plugins: plugins ?? await pluginsUnder(PLUGINS),
    log: createLog('silent'),
  })
}

/** Makes the small demonstration in a folder, or goes on with it, and closes the platform again. */
export async function makeSmallDemo(dataFolder: string, options: Partial<DemoOptions> = {}): Promise<boolean> {
  const platform = await openPlatform(dataFolder)
  try {
    return await fillDemo(platform, { area: SMALL_AREA, addressOf, ...options })
  } finally {
    await platform.stop()
  }
}
