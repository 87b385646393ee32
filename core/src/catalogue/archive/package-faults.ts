import type { PlatformError } from '../../errors.ts'
import { archiveFault } from './archive-fault.ts'

/** What the platform reads of an archive's `package.json`. Unchecked: anybody wrote it. */
export interface PackageJson {
  readonly version?: unknown
  readonly type?: unknown
  readonly main?: unknown
  readonly exports?: unknown
  readonly scripts?: unknown
  readonly gypfile?: unknown
  readonly liberacces?: { readonly plugin?: unknown } | undefined
  readonly [key: string]: unknown
}

/** Scripts that a package manager runs by itself when it installs a package. */
const AT_INSTALL = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare', 'dependencies'] as const

const DEPENDENCIES = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies', 'bundledDependencies'] as const

const SDK = '@liberacces/sdk'

/**
 * What is wrong with an archive's `package.json`, and its file of code. Pure.
 * @param hasCode - whether it must have one
 */
export function packageFaults(described: PackageJson, files: ReadonlyMap<string, Uint8Array>, hasCode: boolean): { readonly faults: readonly PlatformError[]; readonly main: string | undefined } {
  const faults: PlatformError[] = []
  const { scripts, gypfile } = described
  for (const name of AT_INSTALL) {
    if (typeof scripts === 'object' && scripts !== null && Object.hasOwn(scripts, name)) faults.push(archiveFault(`package.json has the script "${name}", which runs at installation.`, 'Remove it: installing a plugin runs nothing.'))
  }
  if (gypfile !== undefined && gypfile !== false) faults.push(archiveFault('package.json asks for native code to be built ("gypfile").', 'A plugin is JavaScript alone.'))
  for (const kind of DEPENDENCIES) {
    for (const name of namesIn(described[kind])) {
      if (name !== SDK) faults.push(archiveFault(`package.json asks for "${name}" (${kind}).`, 'Bundle everything but the SDK: `liberacces-certify pack` does.'))
    }
  }
  if (!hasCode) return { faults, main: undefined }
  const main = mainOf(described)
  if (main === undefined) faults.push(archiveFault('package.json names no main file in "main" or in the "." of "exports".', 'Pack the plugin with `liberacces-certify pack`.'))
  else if (!files.has(main)) faults.push(archiveFault(`${main}, the main file by package.json, is missing.`, 'Pack the plugin again.'))
  else if (!isCommonJs(main, described)) faults.push(archiveFault(`${main} is no CommonJS file: it must end in .cjs, or in .js without "type": "module".`, 'Pack the plugin with `liberacces-certify pack`: code that can be let go again is CommonJS.'))
  return { faults, main }
}

function namesIn(dependencies: unknown): readonly string[] {
  if (Array.isArray(dependencies)) return dependencies.map(String)
  if (dependencies === true) return ['everything']
  return typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : []
}

function mainOf({ exports, main }: PackageJson): string | undefined {
  const entry = typeof exports === 'object' && exports !== null ? (exports as Readonly<Record<string, unknown>>)['.'] : exports
  const path = typeof entry === 'string' ? entry : main
  return typeof path === 'string' ? path.replace(/^\.\//, '') : undefined
}

function isCommonJs(main: string, { type }: PackageJson): boolean {
  return main.endsWith('.cjs') || (main.endsWith('.js') && type !== 'module')
}
