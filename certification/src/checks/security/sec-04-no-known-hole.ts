import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { concerns, isSevere, readAdvisories } from '../parts/advisories.ts'
import { billedPackages } from '../parts/bill-of-materials.ts'
import { noticedPackages } from '../parts/bundled-packages.ts'

/** No package in the code has a serious hole that is known. */
export const noKnownHole: Check<'package'> = {
  id: 'SEC-04', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Aucune faille grave connue dans les dépendances', en: 'No serious known hole in the dependencies' },
  rationale: {
    fr: 'Une faille publiée est exploitée en quelques jours, par des programmes qui visitent tous les sites.',
    en: 'A hole that is published is used within days, by programs that visit every site.',
  },
  howToFix: 'Update the package to a version that is not concerned, or replace it, and pack again.',
  example: { bad: 'lodash 4.17.20 in the code (GHSA-35jh-r3h4-6jhm)', good: 'lodash 4.17.21 or later' },
  refs: { cwe: [1395], article: 'CRA annexe I, I 2) a)' },
  async run({ files, given }) {
    if (files === undefined) return { status: 'skip', why: 'There is no archive to look into; see MAN-01 and MAN-05.' }
    const billed = billedPackages(files)
    const packages = [...new Set([...(typeof billed === 'string' ? [] : billed), ...noticedPackages(files).map(({ name, version }) => `${name}@${version}`)])]
    if (packages.length === 0) return { status: 'pass', evidence: ['There is no package in its code.'] }
    if (given.advisories === undefined) return { status: 'skip', why: 'No vulnerabilities were given to compare with: give a snapshot of OSV with --advisories.' }
    const advisories = await readAdvisories(given.advisories)
    const found = packages.flatMap((id) => {
      const at = id.lastIndexOf('@')
      const [name, version] = [id.slice(0, at), id.slice(at + 1)]
      return advisories.vulnerabilities.filter((one) => isSevere(one) && concerns(one, name, version)).map((one): Finding => ({
        message: `${id} is in the code and has a serious hole: ${one.id}${one.summary === undefined ? '' : `, ${one.summary}`}.`, fix: this.howToFix, file: 'plugin.cjs', evidence: [`https://osv.dev/vulnerability/${one.id}`],
      }))
    })
    return findings(found, [`${packages.length} packages compared with ${advisories.vulnerabilities.length} advisories, the latest of ${advisories.latest}`])
  },
}
