import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** Where a plugin's packages come from: it is one of the workspace, it is linked to a copy of the platform's sources, or a registry has them. */
export type Origin = 'workspace' | 'linked' | 'published'

/** Which packages a plugin needs and where they come from. */
export interface Needs {
  readonly origin: Origin
  /** The copy of the platform's sources; needed by all origins but `published`. */
  readonly workspace: string | undefined
  /** Of the plugin, absolute. */
  readonly folder: string
  /** Versions of a package of the creator: its own dependencies and those that it writes. */
  readonly versions: Readonly<Record<string, string>>
}

/** Packages of the platform, by their folder in its sources. */
const OURS: Readonly<Record<string, string>> = { '@liberacces/sdk': 'sdk', '@liberacces/certification': 'certification' }
/** What every plugin outside of the workspace needs besides what its template says: types, and a compiler to check them. */
const TOOLS = ['@types/node', 'typescript', 'vitest'] as const
/** The program that runs all of it, whichever the machine has. */
export const PROGRAM = 'node'

/** The dependencies of a generated package, as its package.json has them. */
export function dependenciesOf({ origin, workspace, folder, versions }: Needs): Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>> {
  const spec = (name: string): string => {
    if (origin === 'workspace') return OURS[name] === undefined ? 'catalog:' : 'workspace:^'
    if (origin === 'published') return versions[name] ?? '*'
    return `link:${relative(folder, join(workspace ?? '', OURS[name] ?? `node_modules/${name}`)).replaceAll('\\', '/')}`
  }
  const specs = (names: readonly string[]): Readonly<Record<string, string>> => Object.fromEntries(names.toSorted().map((name) => [name, spec(name)]))
  return {
    dependencies: specs(['@liberacces/sdk']),
    devDependencies: specs(['@liberacces/certification', ...(origin === 'workspace' ? ['vitest'] : TOOLS), ...(origin === 'workspace' ? [] : [PROGRAM])]),
  }
}

/** The versions that a plugin made now asks a registry for, from the platform's sources. */
export async function versionsIn(workspace: string): Promise<Readonly<Record<string, string>>> {
  const catalog = await readFile(join(workspace, 'pnpm-workspace.yaml'), 'utf8')
  const ours = await Promise.all(Object.entries(OURS).map(async ([name, folder]) => {
    const { version } = JSON.parse(await readFile(join(workspace, folder, 'package.json'), 'utf8')) as { readonly version: string }
    return [name, `^${version}`] as const
  }))
  const tools = TOOLS.map((name) => {
    const version = new RegExp(`^ {2}'?${name}'?: (\\S+)$`, 'm').exec(catalog)?.[1]
    if (version === undefined) throw new Error(`The catalog of pnpm-workspace.yaml names no version of ${name}.`)
    return [name, version] as const
  })
  const { devDependencies } = JSON.parse(await readFile(join(workspace, 'package.json'), 'utf8')) as { readonly devDependencies: Readonly<Record<string, string>> }
  const program = devDependencies[PROGRAM]
  if (program === undefined) throw new Error(`The package.json of the workspace names no version of ${PROGRAM}.`)
  return Object.fromEntries([...ours, ...tools, [PROGRAM, program]])
}
