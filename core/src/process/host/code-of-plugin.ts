import { createRequire, isBuiltin, registerHooks } from 'node:module'
import type { Plugin } from '@liberacces/sdk'
import { SDK_MODULES } from '../../sdk-modules.ts'

const SLOT = Symbol.for('liberacces.sdk')
const SCHEME = 'liberacces:'

/**
 * Runs the one CommonJS file of a release in this process, which is its own. It comes as text, so that the process has no file to read; it goes through
 * Node's own loader, since making code of text by other ways is barred here.
 * @param file - its name in stack traces
 * @throws Error when it asks for something else than the SDK, or exports no plugin; whatever it throws
 */
export async function codeOfPlugin(code: string, file: string): Promise<Plugin> {
  const sdk: Record<string, object> = {}
  for (const [name, load] of Object.entries(SDK_MODULES)) if (code.includes(name)) sdk[name] = await load()
  Object.defineProperty(globalThis, SLOT, { value: sdk })
  const main = `file:///${encodeURI(file)}`
  registerHooks({
    resolve(name, context, next) {
      if (name === `${SCHEME}main`) return { url: main, format: 'commonjs', shortCircuit: true }
      if (Object.hasOwn(sdk, name)) return { url: `${SCHEME}${name}`, format: 'commonjs', shortCircuit: true }
      if (isBuiltin(name)) return next(name, context)
      throw new Error(`${file} asks for "${name}", which no archive may: its code stands alone beside the SDK.`)
    },
    load(url, context, next) {
      if (url === main) return { format: 'commonjs', source: code, shortCircuit: true }
      if (url.startsWith(SCHEME)) return { format: 'commonjs', source: `module.exports = globalThis[Symbol.for('liberacces.sdk')][${JSON.stringify(url.slice(SCHEME.length))}]`, shortCircuit: true }
      return next(url, context)
    },
  })
  const exported = createRequire('file:///')(`${SCHEME}main`) as { readonly default?: Plugin } | null
  const plugin = exported?.default
  if (typeof plugin?.setup !== 'function') throw new Error(`${file} has no plugin as its default export.`)
  return plugin
}
