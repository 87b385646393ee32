import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import type { Manifest } from '@liberacces/sdk/host'
import { expect, onTestFinished, test } from 'vitest'
import { bundleCode } from '../src/pack/bundle-code.ts'
import { sbomOf } from '../src/pack/sbom.ts'

/** A plugin that imports a package, which imports another; of a third it imports types alone, and a fourth is only declared. */
const SOURCES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "@test/with-packages", "version": "2.0.0", "dependencies": { "outer": "*", "unused": "*" } }',
  'src/plugin.ts': 'import { definePlugin } from \'@liberacces/sdk\'\nimport { outer } from \'outer\'\nimport type { T } from \'types-only\'\nexport default definePlugin(outer as T)\n',
  'node_modules/outer/package.json': '{ "name": "outer", "version": "1.0.0-beta.1+build", "license": "MIT", "type": "module", "main": "a.js" }',
  'node_modules/outer/a.js': 'import { inner } from \'@scope/inner\'\nimport { b } from \'./b.js\'\nexport const outer = inner + b\n',
  'node_modules/outer/b.js': 'export const b = 2\n',
  'node_modules/@scope/inner/package.json': '{ "name": "@scope/inner", "version": "3.1.4", "license": "(MIT OR Apache-2.0)", "type": "module", "main": "i.js" }',
  'node_modules/@scope/inner/i.js': 'export const inner = 1\n',
  'node_modules/types-only/package.json': '{ "name": "types-only", "version": "1.0.0", "license": "SEE LICENSE IN x!", "main": "i.js" }',
  'node_modules/types-only/i.js': '',
  'node_modules/unused/package.json': '{ "name": "unused", "version": "1.0.0", "main": "i.js" }',
  'node_modules/unused/i.js': '',
}
const MANIFEST = { id: 'fr.test.with-packages', version: '2.0.0', license: 'GPL-3.0-or-later OR CECILL-2.1' } as Manifest

interface Sbom {
  readonly metadata: { readonly component: { readonly purl: string } }
  readonly components: readonly { readonly name: string; readonly version: string; readonly purl: string; readonly licenses: readonly object[]; readonly hashes: readonly { readonly content: string }[] }[]
  readonly dependencies: readonly object[]
}

async function sbom(changes: Readonly<Record<string, string>> = {}, below = 'a'): Promise<Sbom> {
  const root = await mkdtemp(join(tmpdir(), 'liberacces-sbom-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries({ ...SOURCES, ...changes })) {
    await mkdir(dirname(join(root, below, path)), { recursive: true })
    await writeFile(join(root, below, path), text)
  }
  const bundled = await bundleCode(join(root, below, 'src/plugin.ts'))
  return sbomOf({ ...bundled, manifest: MANIFEST, packageName: '@test/with-packages', code: Buffer.from(bundled.code) }) as Sbom
}

test('[C305] the list of packages is what the code imports, with versions, licences, hashes and who imports whom, and keeps to CycloneDX 1.6', async () => {
  const found = await sbom()
  expect(found.components.map(({ purl, licenses }) => ({ purl, licenses }))).toEqual([
    { purl: 'pkg:npm/%40scope/inner@3.1.4', licenses: [{ expression: '(MIT OR Apache-2.0)' }] },
    { purl: 'pkg:npm/outer@1.0.0-beta.1%2Bbuild', licenses: [{ expression: 'MIT' }] },
  ])
  expect(found.dependencies).toEqual([
    { ref: 'pkg:npm/%40test/with-packages@2.0.0', dependsOn: ['pkg:npm/outer@1.0.0-beta.1%2Bbuild'] },
    { ref: 'pkg:npm/%40scope/inner@3.1.4', dependsOn: [] },
    { ref: 'pkg:npm/outer@1.0.0-beta.1%2Bbuild', dependsOn: ['pkg:npm/%40scope/inner@3.1.4'] },
  ])
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify(found))).toBeNull()
  // The validator can refuse.
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify({ ...found, nonsense: 1 }))).not.toBeNull()
  const strange = await sbom({ 'node_modules/outer/package.json': (SOURCES['node_modules/outer/package.json'] ?? '').replace('"MIT"', '"SEE LICENSE IN <x>"') })
  expect(strange.components[1]?.licenses).toEqual([{ license: { name: 'SEE LICENSE IN <x>' } }])
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify(strange))).toBeNull()
})

test('[C305] the same code gives the same list wherever it lies, and another content of a package another hash', async () => {
  const found = await sbom()
  expect(await sbom({}, 'much/further')).toEqual(found)
  const other = await sbom({ 'node_modules/outer/b.js': 'export const b = 3\n' })
  expect(other.components.map(({ hashes }, index) => hashes[0]?.content === found.components[index]?.hashes[0]?.content)).toEqual([true, false])
})
