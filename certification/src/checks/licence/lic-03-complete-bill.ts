import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { billedPackages, BILL_FILE } from '../parts/bill-of-materials.ts'
import { markedPackages, noticedPackages } from '../parts/bundled-packages.ts'

/** The bill of materials names every package whose code is there. */
export const completeBill: Check<'static'> = {
  id: 'LIC-03', since: '1.0', level: 'silver', gate: 'static', maturity: 'enforced', timeoutMs: 10_000,
  title: { fr: 'La nomenclature logicielle est complète', en: 'The bill of materials is complete' },
  rationale: {
    fr: 'Quand une faille est publiée, la collectivité cherche dans la nomenclature si elle est touchée : ce qui n’y figure pas n’est jamais corrigé.',
    en: 'When a vulnerability is published, a local authority looks into the bill of materials whether it is concerned: what is not there is never mended.',
  },
  howToFix: 'Pack with `liberacces-certify pack`, which writes it from what is really in the code, and do not change it.',
  example: { bad: 'left-pad is bundled, and sbom.cdx.json does not name it', good: '{ "type": "library", "name": "left-pad", "version": "1.3.0", "purl": "pkg:npm/left-pad@1.3.0" }' },
  refs: { cwe: [1104], article: 'CRA annexe I, II 1)' },
  async run({ files, bundle }) {
    if (files === undefined || bundle === undefined) return { status: 'skip', why: 'There is no archive with code to look into; see MAN-01 and MAN-05.' }
    const bill = billedPackages(files)
    if (typeof bill === 'string') return findings([{ message: bill, fix: this.howToFix, file: BILL_FILE, evidence: [] }])
    const noticed = noticedPackages(files).map(({ name, version }) => `${name}@${version}`)
    const there = new Map([...noticed.map((id) => [id, undefined] as const), ...markedPackages(bundle)])
    return findings([...there].filter(([id]) => !bill.has(id)).map(([id, line]): Finding => ({
      message: `${id} is in the code and not in ${BILL_FILE}.`, fix: this.howToFix, evidence: [], ...(line === undefined ? { file: BILL_FILE } : { file: bundle.path, line }),
    })), [...bill])
  },
}
