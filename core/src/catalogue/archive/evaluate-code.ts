import { createRequire, isBuiltin } from 'node:module'
import { compileFunction } from 'node:vm'
import type { Plugin } from '@liberacces/sdk'
import { PlatformError } from '../../errors.ts'
import { withinTime } from '../../runtime/within-time.ts'
import { SDK_MODULES } from '../../sdk-modules.ts'

const builtin = createRequire(import.meta.url)

/**
 * Runs the one CommonJS file of a release and answers what it exports as a plugin. Unlike an ES module, nothing of Node remembers it:
 * when the plugin is let go, its code and all that it holds can be collected.
 * @param file - name of the file in stack traces
 * @param limitMs - longest it may keep the process from everything else, in milliseconds; past it, it is stopped wherever it is
 * @throws PlatformError `PLUGIN_LOAD_FAILED` when it asks for something else than the SDK, runs too long, or exports no plugin; whatever it throws
 */
export async function evaluateCode(code: string, file: string, limitMs: number): Promise<Plugin> {
  const sdk = new Map<string, object>()
  for (const [name, load] of Object.entries(SDK_MODULES)) sdk.set(name, await load())
  const require = (name: string): unknown => {
    const found = sdk.get(name)
    if (found !== undefined) return found
    if (isBuiltin(name)) return builtin(name)
    throw new PlatformError('PLUGIN_LOAD_FAILED', `${file} asks for "${name}", which no archive may: its code stands alone beside the SDK.`, { fix: 'Pack it with `liberacces-certify pack`, which puts everything else inside.' })
  }
  const run = compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname'], { filename: file }) as (...given: unknown[]) => void
  const module: { exports: unknown } = { exports: {} }
  withinTime(limitMs, `running ${file}`, () => { run(module.exports, require, module, file, '') })
  const exported = module.exports as { readonly default?: Plugin } | null
  const plugin = exported?.default
  if (typeof plugin?.setup !== 'function') {
    throw new PlatformError('PLUGIN_LOAD_FAILED', `${file} has no plugin as its default export.`, { fix: 'Write `export default definePlugin()({ … })` and pack it with `liberacces-certify pack`.' })
  }
  return plugin
}
