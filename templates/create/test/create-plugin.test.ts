import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import ts from 'typescript'
import { expect, onTestFinished, test } from 'vitest'
import { CreateError } from '../src/create-error.ts'
import { createPlugin, templateNames } from '../src/create-plugin.ts'
import { pluginNames, type PluginNames } from '../src/plugin-names.ts'
import { renamer } from '../src/rename.ts'
import { runCreate } from '../src/run-create.ts'
import { sourcesOf, templatesIn } from '../src/templates.ts'
import { languageOf } from '../src/texts.ts'

const TEMPLATES = join(import.meta.dirname, '../..')

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-create-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function run(folder: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ readonly exit: number; readonly said: string }> {
  let said = ''
  const exit = await runCreate(argv, { env, folder, language: 'en-GB', out: (text) => { said += text }, err: (text) => { said += text } })
  return { exit, said }
}

async function textsOf(folder: string, files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return new Map(await Promise.all(files.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const)))
}

test('[C300] a plugin of each template has everything a plugin needs, and no name of the template is left in it', async () => {
  const names = await templateNames()
  expect(names.length).toBeGreaterThan(0)
  for (const name of names) {
    const folder = join(await emptyFolder(), 'made')
    const { files, origin } = await createPlugin({ name: 'zz-thing', id: 'fr.zz-vendor.zz-thing', title: 'Zz titre', template: name, folder })
    expect({ name, origin, missing: ['.github/workflows/plugin.yml', '.gitignore', '.gitlab-ci.yml', 'CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'docs/utilisation.md', 'messages/en.json', 'messages/fr.json', 'package.json', 'src/plugin.tsx', 'tsconfig.json', 'vitest.config.ts'].filter((path) => !files.includes(path)), tests: files.some((path) => path.startsWith('test/')) })
      .toEqual({ name, origin: 'linked', missing: [], tests: true })
    const template = (await templatesIn(TEMPLATES)).find((one) => one.name === name)
    const { id, package: packageName, path, name: own, title } = template?.names ?? { id: '', package: '', path: '', name: '', title: { fr: '', en: '' } }
    const left = [...await textsOf(folder, files)].flatMap(([file, text]) => [id, packageName, path, own, title.fr, title.en, '__'].filter((word) => `${file}\n${text}`.includes(word)).map((word) => `${file}: ${word}`))
    expect(left).toEqual([])
    expect(await readFile(join(folder, 'src/plugin.tsx'), 'utf8')).toContain('id: \'fr.zz-vendor.zz-thing\'')
  }
})

test('[C542] the README of what is made is its own, its links lead to files that are there, and its commands are scripts that are there', async () => {
  for (const template of await templateNames()) {
    const folder = join(await emptyFolder(), 'made')
    const { files } = await createPlugin({ name: 'zz-thing', id: 'fr.zz-vendor.zz-thing', title: 'Zz titre', template, folder })
    const readme = await readFile(join(folder, 'README.md'), 'utf8')
    expect(readme.split('\n')[0]).toBe('# Zz titre (`fr.zz-vendor.zz-thing`)')
    expect(readme.match(/create-plugin|create liberacces|start from|__/g)).toBeNull()
    const links = (await Promise.all(files.filter((path) => path.endsWith('.md')).map((path) => readFile(join(folder, path), 'utf8')))).flatMap((text) => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link))
    expect(links.filter((link) => !files.some((file) => file === link || file.startsWith(link.endsWith('/') ? link : `${link}/`)))).toEqual([])
    const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> }
    const commands = [.../^```sh\n([\s\S]*?)^```$/m.exec(readme)?.[1]?.matchAll(/^npx -y pnpm@10 (?:run )?(\S+)/gm) ?? []].map(([, command = '']) => command)
    expect(commands).toEqual(['install', 'dev', 'test', 'check', 'certify', 'pack'])
    expect(commands.filter((command) => command !== 'install' && scripts[command] === undefined)).toEqual([])
  }
})

test('[C542] what a code host runs at every change names each action by its commit, and writes the files that it hands on', async () => {
  const { github, gitlab } = Object.fromEntries(await Promise.all(['github', 'gitlab'].map(async (name) => [name, await readFile(join(TEMPLATES, `create/common/${name}.yml`), 'utf8')]))) as Readonly<Record<'github' | 'gitlab', string>>
  expect([...github.matchAll(/uses: (.*)/g)].map(([, uses = '']) => uses).filter((uses) => !/^[a-z-]+\/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses))).toEqual([])
  for (const text of [github, gitlab]) expect([...text.matchAll(/npx -y pnpm@10 (.*)/g)].map(([, command]) => command)).toEqual(['install', 'check', 'test', 'exec liberacces-certify . --grade bronze --format pretty --format sarif --format junit --format html --out report'])
  expect(github).toContain('report/certification.sarif')
  expect(gitlab).toMatch(/^image: node:\d+$/m)
  expect(gitlab).toContain('report/certification.junit.xml')
})

test('[C543] who publishes it and where help is stand wherever they belong; what cannot stand in sources is refused', async () => {
  const folder = await emptyFolder()
  for (const template of await templateNames()) {
    const { files } = await createPlugin({ name: 'good', template, folder: join(folder, template), publisher: 'Atelier d\'Aytré & fils', contact: 'mailto:aide@zz-vendor.fr' })
    const texts = await textsOf(join(folder, template), files)
    expect(texts.get('src/plugin.tsx')).toContain('publisher: { name: \'Atelier d’Aytré & fils\', contact: \'mailto:aide@zz-vendor.fr\' }')
    expect(texts.get('LICENSE')).toContain('Copyright (c) Atelier d’Aytré & fils\n')
    expect(JSON.parse(texts.get('package.json') ?? '{}')).toMatchObject({ liberacces: { support: { contact: 'mailto:aide@zz-vendor.fr', security: 'mailto:aide@zz-vendor.fr', fixDays: 30 } } })
  }
  const wrong = ['it\'s"', '{x}', '', ' ', '!', 'x'.repeat(81), 'a\nb']
  for (const publisher of wrong) expect(await run(folder, ['bad', '--publisher', publisher])).toEqual({ exit: 1, said: expect.stringContaining('is no name of a publisher') })
  for (const contact of ['aide@zz-vendor.fr', 'http://zz-vendor.fr', 'mailto:a@b\'c', 'https://', 'https://a b', `https://${'x'.repeat(200)}`]) expect(await run(folder, ['bad', '--contact', contact], { LANG: 'fr' })).toEqual({ exit: 1, said: expect.stringContaining('n’est pas une adresse') })
  expect((await run(folder, ['plain', '--id', 'fr.zz-vendor.plain'])).said).toContain('before you ask for a label')
  expect((await run(folder, ['whole', '--id', 'fr.zz-vendor.whole', '--publisher', 'Zz', '--contact', 'https://zz-vendor.fr'])).said).not.toContain('before you ask for a label')
  expect((await readdir(folder)).includes('bad')).toBe(false)
})

test('[C301] what cannot be is refused before anything is written, in the language of the terminal', async () => {
  const folder = await emptyFolder()
  await mkdir(join(folder, 'full'))
  await writeFile(join(folder, 'full/note.txt'), 'mine')
  await writeFile(join(folder, 'file'), '')
  const french = { LANG: 'fr_FR.UTF-8' }
  const outcomes = [
    [['Repair'], 1, 'is no name of a plugin'], [['a--b'], 1, 'is no name'], [['x'], 1, 'is no name'], [['full'], 1, 'is there already and not empty'], [['file'], 1, 'is a file'],
    [['good', '--id', 'vendor.thing'], 1, 'is no id'], [['good', '--id', 'fr.liberacces.thing'], 1, 'belong to the platform'], [['good', '--title', '{x}'], 1, 'is no title'],
    [['good', '--title', ''], 1, 'is no title'], [['good', '--title', 'Le "Repair"'], 1, 'is no title'], [['good', '--title', 'x'.repeat(81)], 1, 'is no title'], [['good', '--title', '!?'], 1, 'is no title'],
    [['good', '--title', '`x`'], 1, 'is no title'], [['good', '--title', 'a\u202eb'], 1, 'is no title'], [['x'.repeat(42)], 1, 'is no name'], [['good', '--dir', 'file/below'], 1, 'lies below one'], [['good', '--dir', 'x'.repeat(300)], 1, 'its name is too long'],
    [['good', '--dir', '/proc/good'], 1, 'cannot be written'], [['messages'], 1, 'has test/messages.test.ts already'], [['demo'], 1, 'has DemoContext already'], [['good', '--template', 'nothing'], 1, 'There are: basic'], [[], 2, 'Say what the plugin is called'], [['a', 'b'], 2, 'One name, not 2'], [['good', '--nonsense'], 2, '--nonsense'],
  ] as const
  for (const [argv, exit, text] of outcomes) expect(await run(folder, argv)).toEqual({ exit, said: expect.stringContaining(text) })
  expect(await run(folder, ['full'], french)).toEqual({ exit: 1, said: expect.stringContaining('existe déjà et n’est pas vide') })
  expect(await run(folder, ['--help'], french)).toEqual({ exit: 0, said: expect.stringContaining('Crée une extension') })
  expect((await readdir(folder)).toSorted()).toEqual(['file', 'full'])
  expect(await readdir(join(folder, 'full'))).toEqual(['note.txt'])
})

test('[C301] the language is that of the first of LC_ALL, LC_MESSAGES and LANG, else the machine’s', () => {
  expect([languageOf({ LC_ALL: 'en_US', LANG: 'fr_FR' }, 'fr'), languageOf({ LC_ALL: '', LANG: 'fr' }, 'en'), languageOf({}, 'fr-FR'), languageOf({}, 'frr-DE')]).toEqual(['en', 'fr', 'fr', 'en'])
})

test('[C300] a plugin takes its packages from the workspace, from a copy of the sources, or from a registry, as its place is', async () => {
  const folder = await emptyFolder()
  const of = async (path: string, published: boolean): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> => {
    await createPlugin({ name: 'good', folder: join(folder, path), published })
    return JSON.parse(await readFile(join(folder, path, 'package.json'), 'utf8')) as Readonly<Record<string, Readonly<Record<string, string>>>>
  }
  const linked = await of('linked', false)
  expect(linked['dependencies']?.['@liberacces/sdk']).toMatch(/^link:\.\..*\/sdk$/)
  const published = await of('published', true)
  expect([published['dependencies'], published['devDependencies']?.['@liberacces/certification']]).toEqual([{ '@liberacces/sdk': expect.stringMatching(/^\^\d/) }, expect.stringMatching(/^\^\d/)])
  expect(Object.values(published['devDependencies'] ?? {}).filter((version) => !/^[~^]?\d/.test(version))).toEqual([])
})

test('[C540] whatever the title, all that is made from a template is sound: JSON, TypeScript, messages', async () => {
  const templates = await Promise.all((await templatesIn(TEMPLATES)).map(async ({ folder, names }) => ({ names, texts: [...await textsOf(folder, await sourcesOf(folder))].filter(([, text]) => text.includes(names.title.fr) || text.includes(names.title.en)) })))
  const signs = fc.string({ unit: fc.constantFrom(...Array.from('aZé0œßçĂ𝒳 \u00a0\u202f-–—’\'&().,:;!?/#%+@°«»“”…$')), minLength: 1, maxLength: 80 })
  fc.assert(fc.property(fc.oneof(signs, fc.constantFrom('Ça va : l\'été « en ville » / n° 1 ! #2', 'E\u0301te\u0301', '// 50 % & + ?', '$& $1 a')), (title) => {
    const names = namesOf(title)
    if (names === undefined) return
    expect(names.title.en).toBe(title.normalize('NFC').trim().replaceAll('\'', '’'))
    expect(names.title.fr).not.toMatch(/ [:;?!»]|« |'/)
    expect(names.title.fr.replaceAll(/[ \u00a0]+/g, ' ')).toBe(names.title.en.replaceAll(/[ \u00a0]+/g, ' '))
    for (const { names: from, texts } of templates) {
      const rename = renamer(from, names)
      expect(texts.flatMap(([path, text]) => problemsIn(path, rename(text), names.title))).toEqual([])
    }
  }), { numRuns: 60 })
})

/** What is not sound in a file that has the title in it. */
function problemsIn(path: string, text: string, { fr, en }: PluginNames['title']): readonly string[] {
  if (path.endsWith('.json')) return Object.values(JSON.parse(text) as object).includes(path.endsWith('fr.json') ? fr : en) ? [] : [`${path} does not say "${fr}"`]
  if (path.endsWith('plugin.tsx') && !text.includes(`title: { fr: '${fr}', en: '${en}' }`)) return [`${path} does not say "${fr}"`]
  if (!/\.tsx?$/.test(path)) return []
  const { diagnostics = [] } = ts.transpileModule(text, { fileName: path, reportDiagnostics: true, compilerOptions: { jsx: ts.JsxEmit.ReactJSX, target: ts.ScriptTarget.ES2024 } })
  return diagnostics.map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
}

/** `undefined` for a title that is refused. */
function namesOf(title: string): PluginNames | undefined {
  try {
    return pluginNames({ name: 'good', title })
  } catch (error) {
    if (error instanceof CreateError && error.key === 'refused.title') return undefined
    throw error
  }
}

test('[C541] a name that would take the place of another file or type of its template is refused; the template’s own name is not', async () => {
  const folder = await emptyFolder()
  for (const { name: template, names } of await templatesIn(TEMPLATES)) {
    const { files } = await createPlugin({ name: names.name, template, folder: join(folder, template) })
    expect(files).toContain(`src/${names.name}-types.ts`)
  }
  await expect(createPlugin({ name: 'lost-item', folder: join(folder, 'other') })).rejects.toMatchObject({ key: 'refused.taken', values: { taken: 'test/lost-item.test.ts' } })
})

test('[C300] renaming is complete and renames nothing twice, whatever the names', () => {
  const word = fc.stringMatching(/^[a-z]{2,6}(-[a-z]{1,5})?$/)
  const from = pluginNames({ name: 'old-name', id: 'org.example.old-name', title: 'Old title' })
  fc.assert(fc.property(word, word, (name, vendor) => {
    const to = pluginNames({ name, id: `fr.${vendor}.${name}` })
    const renamed = renamer(from, to)('org.example.old-name/v1 OldNameTypes oldName "Old title" /apps/old-name/')
    const pascal = name.split('-').map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join('')
    expect(renamed).toBe(`fr.${vendor}.${name}/v1 ${pascal}Types ${pascal.slice(0, 1).toLowerCase()}${pascal.slice(1)} "${to.title.fr}" /apps/${name}/`)
  }))
})
