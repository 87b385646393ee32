import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { CreateError } from './create-error.ts'
import { dependenciesOf, PROGRAM, versionsIn, type Origin } from './dependencies.ts'
import { findHome, type Home } from './home.ts'
import { nameTaken } from './name-taken.ts'
import { pluginNames, type NamesWanted, type PluginNames } from './plugin-names.ts'
import { publisherOf, withPublisher, withSupport, type PublisherWanted } from './publisher.ts'
import { commandsOf, readmeOf } from './readme.ts'
import { renamer } from './rename.ts'
import { sourcesOf, templatesIn, type Template } from './templates.ts'

/** What is wanted. */
export interface CreateOptions extends NamesWanted, PublisherWanted {
  /** @defaultValue `basic` */
  readonly template?: string | undefined
  /** Absolute. It may exist when it is empty. */
  readonly folder: string
  /** Takes packages from a registry even where a copy of the platform's sources is at hand. @defaultValue false */
  readonly published?: boolean | undefined
}

/** What was made. */
export interface Created {
  readonly names: PluginNames
  readonly folder: string
  readonly origin: Origin
  /** Paths within the folder. */
  readonly files: readonly string[]
}

/** Where files of `common/` go; those with a dot in front would be left out of a published package. */
const COMMON: Readonly<Record<string, string>> = {
  'gitignore': '.gitignore', 'github.yml': '.github/workflows/plugin.yml', 'gitlab.yml': '.gitlab-ci.yml',
  'tsconfig.json': 'tsconfig.json', 'vitest.config.ts': 'vitest.config.ts', 'LICENSE': 'LICENSE', 'SECURITY.md': 'SECURITY.md',
}
/** What a plugin in the workspace has from the workspace. */
const FROM_WORKSPACE: ReadonlySet<string> = new Set(['.gitignore', '.github/workflows/plugin.yml', '.gitlab-ci.yml', 'tsconfig.json', 'vitest.config.ts'])

/**
 * Makes a plugin from a template: all of it, or nothing.
 * @throws CreateError when a name, the template or the folder will not do
 */
export async function createPlugin({ template: wanted = 'basic', folder, published = false, ...named }: CreateOptions): Promise<Created> {
  const home = await findHome()
  const names = pluginNames(named)
  const publisher = publisherOf(named)
  const templates = await templatesIn(home.templates)
  const template = templates.find(({ name }) => name === wanted)
  if (template === undefined) throw new CreateError('refused.template', { template: wanted, templates: templates.map(({ name }) => name).join(', ') })
  await requireEmpty(folder)
  const origin = originOf(home, folder, published)
  const files = await filesFrom(home, template, { names, publisher, folder, origin })
  try {
    await writeAtOnce(folder, files)
  } catch (error) {
    throw new CreateError('refused.write', { folder, problem: error instanceof Error ? error.message : String(error) })
  }
  return { names, folder, origin, files: [...files.keys()] }
}

/** Names of the templates there are. */
export async function templateNames(): Promise<readonly string[]> {
  return (await templatesIn((await findHome()).templates)).map(({ name }) => name)
}

async function requireEmpty(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    if (error.code === 'ENOTDIR') throw new CreateError('refused.no-folder', { folder })
    if (error.code === 'ENAMETOOLONG') throw new CreateError('refused.write', { folder: `${folder.slice(0, 60)}…`, problem: 'its name is too long' })
    throw new CreateError('refused.write', { folder, problem: error.message })
  })
  if (there.length > 0) throw new CreateError('refused.exists', { folder })
}

function originOf({ workspace }: Home, folder: string, published: boolean): Origin {
  if (published || workspace === undefined) return 'published'
  return /^(?:plugins|templates)[/\\][^/\\]+$/.test(relative(workspace, folder)) ? 'workspace' : 'linked'
}

/** What is made, and where. */
interface Making extends Pick<Created, 'names' | 'folder' | 'origin'> {
  readonly publisher: PublisherWanted
}

async function filesFrom({ common, workspace, templates }: Home, template: Template, { names, publisher, folder, origin }: Making): Promise<ReadonlyMap<string, string>> {
  const rename = renamer(template.names, names)
  const paths = await sourcesOf(template.folder)
  const sources = await Promise.all(paths.map(async (path) => [path, await readFile(join(template.folder, path), 'utf8')] as const))
  const taken = nameTaken(sources, template.names, names)
  if (taken !== undefined) throw new CreateError('refused.taken', { name: names.name, taken })
  const own = sources.map(([path, text]) => [rename(path), rename(text)] as const)
  const shared = await Promise.all(Object.entries(COMMON).map(async ([from, to]) => [to, await readFile(join(common, from), 'utf8')] as const))
  const files = new Map<string, string>([...own, ...shared.filter(([path]) => origin !== 'workspace' || !FROM_WORKSPACE.has(path)).map(([path, text]) => [path, said(text, names, publisher)] as const)])
  const versions = workspace === undefined
    ? JSON.parse(await readFile(join(templates, 'versions.json'), 'utf8')) as Readonly<Record<string, string>>
    : await versionsIn(workspace)
  files.set('package.json', packageFrom(files.get('package.json') ?? '{}', dependenciesOf({ origin, workspace, folder, versions }), origin, publisher))
  files.set('src/plugin.tsx', withPublisher(files.get('src/plugin.tsx') ?? '', publisher))
  const readme = said(await readFile(join(common, 'README.md'), 'utf8'), names, publisher).replace('__COMMANDS__', () => commandsOf(origin, relative(workspace ?? folder, folder).replaceAll('\\', '/')))
  files.set('README.md', readmeOf(files.get('README.md') ?? '', readme))
  if (origin === 'linked') files.set('tsconfig.json', withSourcesOf(relative(folder, workspace ?? ''), files.get('tsconfig.json') ?? '{}'))
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** `__ID__` and the like of the common files. */
function said(text: string, names: PluginNames, { publisher = `the authors of ${names.name}` }: PublisherWanted): string {
  const values: Readonly<Record<string, string>> = { __ID__: names.id, __TITLE__: names.title.en, __HOLDER__: publisher }
  return text.replaceAll(/__[A-Z]+__/g, (whole) => values[whole] ?? whole)
}

function packageFrom(text: string, needs: ReturnType<typeof dependenciesOf>, origin: Origin, { contact }: PublisherWanted): string {
  const described = withSupport(JSON.parse(text) as Readonly<Record<string, unknown>>, contact)
  const scripts = { dev: 'liberacces-certify dev', test: 'vitest run', check: 'tsc -p tsconfig.json', certify: 'liberacces-certify .', pack: 'liberacces-certify pack .' }
  const { dependencies: _own, devDependencies: _tools, ...rest } = described
  // Node.js comes with the other packages, whichever the machine has; pnpm runs its installation only where that is said.
  const outside = { engines: { node: '>=20' }, ...(origin === 'published' ? { pnpm: { onlyBuiltDependencies: [PROGRAM], ignoredBuiltDependencies: ['better-sqlite3', 'esbuild'] } } : {}), scripts }
  return `${JSON.stringify({ ...rest, ...(origin === 'workspace' ? {} : outside), ...needs }, null, 2)}\n`
}

/** A plugin that is linked to sources has them type-checked along, and needs what they declare. */
function withSourcesOf(workspace: string, text: string): string {
  const config = JSON.parse(text) as { readonly include: readonly string[] }
  return `${JSON.stringify({ ...config, include: [...config.include, `${workspace.replaceAll('\\', '/')}/core/src/**/*.d.ts`] }, null, 2)}\n`
}

/** Writes beside the place and moves it there: whoever looks, and whoever was interrupted, has all of it or nothing. */
async function writeAtOnce(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const made = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`))
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(made, path)), { recursive: true })
      await writeFile(join(made, path), text)
    }
    // Found empty before, if it was there.
    await rmdir(folder).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'ENOENT') throw error })
    await rename(made, folder)
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    throw error
  }
}
