import { build } from 'esbuild'
import { digestOf, evaluateCode, writeArchive } from '@liberacces/core'
import { collectRegistrations, manifestOf, registerFormats } from '@liberacces/sdk/host'
import { writeFileSync } from 'node:fs'

/**
 * Packs a plugin of one source file as an archive that can be installed.
 * @param variant - stands for the name `VARIANT` in its source. What an evil would do while it is loaded it does not do here: it sees the variable `PACKING`
 */
export async function packFixture(source: string, archive: string, variant = ''): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [source], write: false, bundle: true, format: 'cjs', platform: 'node', target: 'node22', mainFields: ['module', 'main'],
    external: ['@liberacces/sdk', '@liberacces/sdk/*', 'node:*'], jsx: 'automatic', jsxImportSource: '@liberacces/sdk', tsconfigRaw: {}, logLevel: 'silent',
  })
  const code = `const VARIANT = ${JSON.stringify(variant)};\n${outputFiles[0]?.text ?? ''}`
  registerFormats()
  process.env['PACKING'] = '1'
  const plugin = await evaluateCode(code, 'plugin.cjs', 5_000).finally(() => { delete process.env['PACKING'] })
  const manifest = manifestOf(plugin, collectRegistrations(plugin))
  const files = new Map(Object.entries({
    'plugin.cjs': code, 'plugin.json': JSON.stringify(manifest), 'README.md': `# ${manifest.id}\n`,
    'package.json': JSON.stringify({ name: 'fixture', version: manifest.version, main: './plugin.cjs', peerDependencies: { '@liberacces/sdk': '*' }, liberacces: { plugin: manifest.id } }),
  }).map(([path, text]) => [path, Buffer.from(text)] as const))
  files.set('digests.json', Buffer.from(JSON.stringify(Object.fromEntries([...files].map(([path, content]) => [path, digestOf(content)])))))
  writeFileSync(archive, await writeArchive(files))
}
