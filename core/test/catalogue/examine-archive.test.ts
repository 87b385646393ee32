import { expect, test } from 'vitest'
import { examineArchive } from '../../src/catalogue/archive/examine-archive.ts'
import { PlatformError } from '../../src/errors.ts'
import { archiveWith, codeOf, type Changes } from './archive-kit.ts'

async function faultsOf(changes: Changes, code?: string): Promise<readonly string[]> {
  const examined = await examineArchive(await archiveWith(changes, code), 'the test', () => Promise.resolve())
  return examined.ok ? [] : examined.problems.map(({ code: kind, message }) => `${kind} ${message}`)
}
const edited = async (change: (manifest: Record<string, unknown>) => void): Promise<string> => {
  const { files } = await import('../../src/catalogue/archive/read-archive.ts').then(async ({ readArchive }) => readArchive(await archiveWith()))
  const json = JSON.parse(String(files.get('plugin.json'))) as Record<string, unknown>
  change(json)
  return JSON.stringify(json)
}
const packageJson = (more: object): string => JSON.stringify({ version: '1.0.0', main: './plugin.cjs', liberacces: { plugin: 'fr.test.greeter' }, ...more })

test('[K7] a sound archive is what its manifest says', async () => {
  const examined = await examineArchive(await archiveWith(), 'the test', () => Promise.resolve())
  expect(examined).toMatchObject({ ok: true, manifest: { id: 'fr.test.greeter', version: '1.0.0' }, digest: expect.stringMatching(/^sha256-/) as string, files: 5 })
})

test('[K7] a manifest that is missing, no JSON or not a manifest is refused, with every place that is wrong', async () => {
  expect(await faultsOf({ 'plugin.json': null })).toEqual([expect.stringContaining('plugin.json is missing')])
  for (const text of ['', '{', '[]', 'null', '"text"', '\ufeff{}', Buffer.from([0x7b, 0xff, 0x7d])]) expect((await faultsOf({ 'plugin.json': text })).join()).toMatch(/ARCHIVE_INVALID plugin\.json (is no JSON|holds no JSON object)/)
  const found = (await faultsOf({ 'plugin.json': await edited((json) => { Object.assign(json, { id: 'Bad', version: 'x', path: '../up', scopes: ['root'], unknown: 1 }) }) })).join('\n')
  for (const place of ['id:', 'version:', 'path:', 'scopes.0:', 'unknown:']) expect(found).toContain(` ${place}`)
  expect(await faultsOf({ 'plugin.json': '{"__proto__":{"id":"fr.test.greeter"}}' })).not.toEqual([])
  expect(await faultsOf({ 'plugin.json': await edited((json) => { json['sdk'] = '^99.0.0' }) })).toEqual(expect.arrayContaining([expect.stringContaining('PLUGIN_SDK_UNSUPPORTED')]))
})

test('[K7] package.json says the same id and version, runs nothing, and needs nothing but the SDK', async () => {
  expect(await faultsOf({ 'package.json': packageJson({ version: '1.0.1', liberacces: { plugin: 'fr.test.other' } }) })).toEqual([expect.stringContaining('package.json about "fr.test.other"'), expect.stringContaining('package.json of "1.0.1"')])
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) expect(await faultsOf({ 'package.json': packageJson({ scripts: { [script]: 'curl evil' } }) })).toEqual([expect.stringContaining(`script "${script}"`)])
  for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies']) expect(await faultsOf({ 'package.json': packageJson({ [kind]: { '@liberacces/sdk': '*', 'left-pad': '*' } }) })).toEqual([expect.stringContaining(`"left-pad" (${kind})`)])
  expect(await faultsOf({ 'package.json': packageJson({ bundleDependencies: ['left-pad'], gypfile: true }) })).toHaveLength(2)
  expect(await faultsOf({ 'package.json': packageJson({ main: './other.cjs' }) })).toEqual([expect.stringContaining('other.cjs, the main file by package.json, is missing')])
  expect(await faultsOf({ 'package.json': packageJson({ main: undefined }) })).toEqual([expect.stringContaining('names no main file')])
  expect(await faultsOf({ 'package.json': packageJson({ main: './plugin.js', type: 'module' }), 'plugin.js': 'export default 1' })).toEqual([expect.stringContaining('no CommonJS file')])
  expect(await faultsOf({ 'package.json': packageJson({ main: undefined, exports: { '.': './plugin.cjs' } }) })).toEqual([])
})

test('[K6] native code is refused by its name and by its bytes, whatever its name', async () => {
  const windows = Buffer.alloc(256)
  windows.write('MZ'); windows.writeUInt32LE(128, 0x3c); windows.write('PE\0\0', 128)
  const files: Changes = {
    'build/Release/addon.node': 'x', 'binding.gyp': '{}', 'lib/a.so.1': 'x', 'picture.png': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]),
    'data.bin': Buffer.from([0xcf, 0xfa, 0xed, 0xfe, 0]), 'fat': Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0]), 'tool.txt': windows,
  }
  const found = await faultsOf(files)
  expect(found.map((fault) => fault.split(' ')[1] ?? '').sort()).toEqual(Object.keys(files).sort())
  // A text that happens to begin so, and a package within.
  expect(await faultsOf({ 'MZ.txt': `MZ ${'is an abbreviation. '.repeat(20)}` })).toEqual([])
  expect(await faultsOf({ 'node_modules/left-pad/index.js': 'x' })).toEqual([expect.stringContaining('a package of its own')])
})

test('[K7] a list of digests, where there is one, names every file as it is, and no other', async () => {
  expect(await faultsOf({ 'digests.json': null })).toEqual([])
  const found = await faultsOf({ 'digests.json': JSON.stringify({ 'plugin.cjs': 'sha256-x', 'gone.txt': 'sha256-y' }) })
  for (const part of ['plugin.cjs is not what', 'plugin.json is not in', '"gone.txt" is in digests.json and missing']) expect(found.join('\n')).toContain(part)
})

test('[K8] code that is not what its manifest says is refused, after everything that can be seen without running it', async () => {
  const other = await edited((json) => { Object.assign(json, { path: 'elsewhere', scopes: ['db'] }) })
  expect(await faultsOf({ 'plugin.json': other })).toEqual([expect.stringMatching(/MANIFEST_INVALID .*something else than its plugin\.json says: path, scopes/)])
  const marked = codeOf({ before: 'globalThis.wasRun = (globalThis.wasRun ?? 0) + 1;' })
  await faultsOf({}, marked)
  const ran = (globalThis as { wasRun?: number }).wasRun
  await faultsOf({ 'addon.node': 'x' }, marked)
  // Once more to make the archive, and not once to refuse it.
  expect((globalThis as { wasRun?: number }).wasRun).toBe((ran ?? 0) + 1)
})

test('[K8] code that throws, never ends, exports no plugin or asks for another package costs only itself', async () => {
  const text = (await faultsOf({ 'plugin.cjs': 'throw new Error("no licence key")' })).join()
  expect(text).toMatch(/PLUGIN_LOAD_FAILED .*no licence key/)
  expect((await faultsOf({ 'plugin.cjs': 'const fault = ' })).join()).toContain('PLUGIN_LOAD_FAILED')
  expect((await faultsOf({ 'plugin.cjs': 'module.exports = 7' })).join()).toContain('no plugin as its default export')
  expect((await faultsOf({ 'plugin.cjs': 'require("left-pad")' })).join()).toContain('asks for "left-pad"')
  expect((await faultsOf({ 'plugin.cjs': 'require("../../../etc/passwd")' })).join()).toContain('asks for "../../../etc/passwd"')
  const { evaluateCode } = await import('../../src/catalogue/archive/evaluate-code.ts')
  await expect(evaluateCode('for (;;);', 'loop.cjs', 50)).rejects.toMatchObject({ code: 'PLUGIN_LOAD_FAILED', message: expect.stringContaining('50 ms') as string })
  // The process lives on, and its next one loads.
  expect(await faultsOf({})).toEqual([])
})

test('[K8] what could not be served is refused before it is stored', async () => {
  const examined = await examineArchive(await archiveWith(), 'the test', () => Promise.reject(new PlatformError('PLUGIN_PATH_TAKEN', 'Two endpoints.', { fix: 'One.' })))
  expect(examined).toMatchObject({ ok: false, problems: [{ code: 'PLUGIN_PATH_TAKEN' }] })
})
