import { nativeCode, packageFaults, type PackageJson } from '@liberacces/core'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { topicOf } from '../parts/pack-problems.ts'

/** An archive that can be unpacked and installed without running or overwriting anything. */
export const safeArchive: Check<'package'> = {
  id: 'MAN-05', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 10_000,
  title: { fr: 'L’archive est sans danger', en: 'The archive is safe' },
  rationale: {
    fr: 'Une archive piégée agit avant même d’être examinée : chemin qui sort du dossier, lien, bombe de décompression, script d’installation, programme natif.',
    en: 'A trapped archive acts before anybody looks: a path that leads out, a link, a decompression bomb, an installation script, native code.',
  },
  howToFix: 'Pack with `liberacces-certify pack`: plain files under one folder, JavaScript alone, nothing that runs at installation.',
  example: { bad: '"scripts": { "postinstall": "node setup.js" }', good: 'no scripts at all: what has to happen once is a migration' },
  refs: { cwe: [22, 59, 409, 506] },
  async run({ files, problems, problemKind }) {
    const told = (message: string, file?: string): Finding => ({ message, fix: this.howToFix, evidence: [], ...(file === undefined ? {} : { file }) })
    if (problemKind === 'unsafe') return findings(problems.map((problem) => told(problem)))
    if (problemKind === 'cannot-be-packed') return findings(problems.filter((problem) => topicOf(problem) === 'archive').map((problem) => told(`It cannot be packed: ${problem}`)))
    if (files === undefined) return { status: 'skip', why: 'There is no archive; see MAN-01.' }
    const native = [...files].flatMap(([path, content]) => {
      const what = nativeCode(path, content)
      return what === undefined ? [] : [told(`${path} is ${what}.`, path)]
    })
    const packages = [...files.keys()].filter((path) => /(^|\/)node_modules\//.test(path)).map((path) => told(`${path} is a package of its own.`, path))
    return findings([...native, ...packages, ...faultsOfPackage(files).map((message) => told(message, 'package.json'))])
  },
}

/** What is no JSON is told by the check of the manifest. */
function faultsOfPackage(files: ReadonlyMap<string, Buffer>): readonly string[] {
  let described: unknown
  try {
    described = JSON.parse(files.get('package.json')?.toString() ?? '')
  } catch {
    return []
  }
  if (typeof described !== 'object' || described === null) return []
  return packageFaults(described as PackageJson, files, !files.has('remote.json')).faults.map(({ message }) => message)
}
