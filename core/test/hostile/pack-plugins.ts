import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { archiveWith, type Changes } from '../catalogue/archive-kit.ts'

/** How a plugin of the corpus is packed. */
export interface Packing {
  /** Files of the archive that are added or changed. */
  readonly changes?: Changes
  /** Makes another plugin of the same code: added to its name. */
  readonly variant?: string
  /** JavaScript of names that are free in its source. */
  readonly constants?: Readonly<Record<string, string>>
}

/** The plugins in a folder beside this file, each one file, as paths. */
export function pluginsIn(folder: string): readonly string[] {
  return readdirSync(join(import.meta.dirname, folder)).sort().map((file) => `${folder}/${file}`)
}

/** Bundles plugins as the packer does, into one CommonJS file each with the SDK outside. @param paths - relative to this file */
export async function bundlePlugins(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: paths.map((path) => join(import.meta.dirname, path)), outdir: import.meta.dirname, write: false, bundle: true, format: 'cjs', platform: 'node', target: 'node22',
    mainFields: ['module', 'main'], external: ['@liberacces/sdk', '@liberacces/sdk/*', 'node:*'], jsx: 'automatic', jsxImportSource: '@liberacces/sdk', tsconfigRaw: {}, logLevel: 'silent',
  })
  return new Map(outputFiles.map(({ path, text }) => [basename(path, '.js'), text]))
}

/** The archive of a bundled plugin. What an evil would do while it is loaded it does not do here: it sees the variable `PACKING`. */
export async function packPlugin(code: string, { variant = '', constants = {}, changes = {} }: Packing = {}): Promise<Buffer> {
  const known = Object.entries({ VARIANT: JSON.stringify(variant), ...constants }).map(([name, value]) => `const ${name} = ${value};`).join(' ')
  process.env['PACKING'] = '1'
  try {
    return await archiveWith(changes, `${known}\n${code}`)
  } finally {
    delete process.env['PACKING']
  }
}
