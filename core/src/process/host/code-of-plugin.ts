import { createRequire, isBuiltin, registerHooks } from 'node:module'
import type { Plugin } from '@liberacces/sdk'
import { SDK_MODULES } from '../../sdk-modules.ts'

const SLOT = Symbol.for('liberacces.sdk')
const SCHEME = 'liberacces:'
const MAIN = `${SCHEME}main:`

/** What of the SDK was asked for here, for all plugins of this process. */
const sdk: Record<string, object> = {}
/** Codes that were loaded, by their addresses; forgotten once they run. */
const codes = new Map<string, string | undefined>()

/**
 * Runs the one CommonJS file of a release in this process, which is its own or a group's. It comes as text, so that the process has no file to read; it goes
 * through Node's own loader, since making code of text by other ways is barred here.
 * @param file - its name in stack traces
 * @throws Error when it asks for something else than the SDK, or exports no plugin; whatever it throws
 */
export async function codeOfPlugin(code: string, file: string): Promise<Plugin> {
  for (const [name, load] of Object.entries(SDK_MODULES)) if (code.includes(name)) sdk[name] ??= await load()
  if (codes.size === 0) hook()
  const usual = `file:///${encodeURI(file)}`
  // Two plugins of a group may name theirs alike.
  const main = codes.has(usual) ? `file:///${codes.size}/${encodeURI(file)}` : usual
  codes.set(main, code)
  const exported = createRequire('file:///')(MAIN + main) as { readonly default?: Plugin } | null
  codes.set(main, undefined)
  const plugin = exported?.default
  if (typeof plugin?.setup !== 'function') throw new Error(`${file} has no plugin as its default export.`)
  return plugin
}

function hook(): void {
  Object.defineProperty(globalThis, SLOT, { value: sdk })
  registerHooks({
    resolve(name, context, next) {
      if (name.startsWith(MAIN) && codes.get(name.slice(MAIN.length)) !== undefined) return { url: name.slice(MAIN.length), format: 'commonjs', shortCircuit: true }
      if (Object.hasOwn(sdk, name)) return { url: `${SCHEME}${name}`, format: 'commonjs', shortCircuit: true }
      if (isBuiltin(name)) return next(name, context)
      throw new Error(`${context.parentURL?.replace(/^file:\/\/\//, '') ?? 'A plugin'} asks for "${name}", which no archive may: its code stands alone beside the SDK.`)
    },
    load(url, context, next) {
      const source = codes.get(url)
      if (source !== undefined) return { format: 'commonjs', source, shortCircuit: true }
      if (url.startsWith(SCHEME)) return { format: 'commonjs', source: `module.exports = globalThis[Symbol.for('liberacces.sdk')][${JSON.stringify(url.slice(SCHEME.length))}]`, shortCircuit: true }
      return next(url, context)
    },
  })
}
