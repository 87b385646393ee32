import { createHash } from 'node:crypto'
import type { Manifest } from '@liberacces/sdk/host'
import type { BundledCode, BundledPackage } from './bundle-code.ts'

/** Where it lies in an archive. */
export const SBOM_FILE = 'sbom.cdx.json'

interface Deps extends Pick<BundledCode, 'packages' | 'imports'> {
  readonly manifest: Manifest
  /** Of the plugin's package. */
  readonly packageName: string
  /** The plugin's one file. */
  readonly code: Buffer
}

/**
 * What is in a plugin's code (CycloneDX 1.6): each package of which the bundle imports a file, and who imports whom. It says what is, not what package.json
 * wishes. No time and no chance is in it, so that the same source gives the same bytes.
 */
export function sbomOf({ manifest, packageName, code, packages, imports }: Deps): object {
  const own = purl(packageName, manifest.version)
  const refOf = (name: string): string => purl(name.slice(0, name.lastIndexOf('@')), name.slice(name.lastIndexOf('@') + 1))
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        'type': 'application', 'bom-ref': own, 'name': manifest.id, 'version': manifest.version, 'purl': own, 'licenses': licensesOf(manifest.license),
        'hashes': [{ alg: 'SHA-256', content: createHash('sha256').update(code).digest('hex') }],
      },
    },
    components: packages.map((one) => {
      const ref = purl(one.name, one.version)
      return {
        'type': 'library', 'bom-ref': ref, 'name': one.name, 'version': one.version, 'purl': ref, 'scope': 'required', 'licenses': licensesOf(one.license),
        'hashes': [{ alg: 'SHA-256', content: hashOf(one) }],
        'properties': [{ name: 'liberacces:hash-of', value: 'the files that the code imports: for each in order of path, its path, a NUL, its length in bytes, a NUL, its content' }, { name: 'liberacces:files', value: String(one.files.length) }],
      }
    }),
    dependencies: [
      { ref: own, dependsOn: imports.map(refOf) },
      ...packages.map((one) => ({ ref: purl(one.name, one.version), dependsOn: one.imports.filter((name) => name !== '').map(refOf) })),
    ],
  }
}

function hashOf({ files }: BundledPackage): string {
  const hash = createHash('sha256')
  for (const { path, content } of files) hash.update(`${path}\0${content.length}\0`).update(content)
  return hash.digest('hex')
}

/** One SPDX id, an expression, or whatever a package says. */
function licensesOf(license: string): readonly object[] {
  if (/^[\w.+-]+$/.test(license) && license !== 'unknown' && !/^UNLICEN[CS]ED$/i.test(license)) return [{ expression: license }]
  if (/^[\w.+\-() ]+$/.test(license) && / (?:AND|OR|WITH) /.test(license)) return [{ expression: license }]
  return [{ license: { name: license } }]
}

/** A package of npm (package-url). */
function purl(name: string, version: string): string {
  return `pkg:npm/${name.split('/').map((part) => encodeURIComponent(part)).join('/')}@${encodeURIComponent(version)}`
}
