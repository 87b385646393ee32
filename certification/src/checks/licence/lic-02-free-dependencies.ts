import satisfies from 'spdx-satisfies'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { noticedPackages, type BundledPackage } from '../parts/bundled-packages.ts'

/** Licences under which code may be passed on together with a plugin and with the platform (GPL-3.0-or-later or CeCILL 2.1). */
const ACCEPTED = [
  'MIT', 'MIT-0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'CC0-1.0', 'Unlicense', 'Zlib', 'Python-2.0', 'CC-BY-4.0', 'WTFPL', 'MPL-2.0', 'OFL-1.1', 'Artistic-2.0',
  'LGPL-2.1-only', 'LGPL-2.1-or-later', 'LGPL-3.0-only', 'LGPL-3.0-or-later', 'GPL-2.0-or-later', 'GPL-3.0-only', 'GPL-3.0-or-later', 'AGPL-3.0-only', 'AGPL-3.0-or-later', 'CECILL-2.1', 'CECILL-B', 'CECILL-C', 'EUPL-1.1', 'EUPL-1.2',
]

/** Every package whose code is in the archive may be passed on with it. */
export const freeDependencies: Check<'package'> = {
  id: 'LIC-02', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 5_000,
  title: { fr: 'Les dépendances sont libres', en: 'The dependencies are free software' },
  rationale: {
    fr: 'Une seule bibliothèque non libre dans l’archive empêche la collectivité de l’utiliser, de la faire relire ou de la transmettre.',
    en: 'One library in the archive that is not free keeps a local authority from using it, having it reviewed or passing it on.',
  },
  howToFix: 'Replace the package by one under a free licence that goes together with GPL-3.0-or-later, or ask its author for one; a package without a licence has none.',
  example: { bad: 'a dependency under SSPL-1.0, BUSL-1.1 or "UNLICENSED"', good: 'dependencies under MIT, Apache-2.0, MPL-2.0, EUPL-1.2, GPL-3.0-or-later…' },
  async run({ files }) {
    if (files === undefined) return { status: 'skip', why: 'There is no archive to look into; see MAN-01 and MAN-05.' }
    const packages = noticedPackages(files)
    return findings(packages.filter(({ license }) => !isAccepted(license)).map((one): Finding => ({ message: messageFor(one), fix: this.howToFix, file: 'THIRD-PARTY.txt', evidence: [] })),
      packages.map(({ name, version, license }) => `${name} ${version}: ${license}`))
  },
}

function messageFor({ name, version, license }: BundledPackage): string {
  return license === 'unknown' ? `${name} ${version} is in the code and names no licence.` : `${name} ${version} is in the code under "${license}", which cannot be passed on with a plugin.`
}

function isAccepted(expression: string): boolean {
  try {
    return satisfies(expression, ACCEPTED)
  } catch {
    // "UNLICENSED", "SEE LICENSE IN …": no expression, and no permission.
    return false
  }
}
