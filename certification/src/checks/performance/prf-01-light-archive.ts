import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'

const zip = promisify(gzip)
/** What a page may cost a reader with a bad connection, in bytes as they travel: scripts and styles together. */
const READER_BYTES = 150_000
/** What a start may cost the platform: the code of a plugin, in bytes as they stand. */
const CODE_BYTES = 3_000_000

/** Light for who reads, and for who starts it. */
export const lightArchive: Check<'package'> = {
  id: 'PRF-01', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 20_000,
  title: { fr: 'L’application reste légère', en: 'The plugin stays light' },
  rationale: {
    fr: 'À la campagne et sur un vieux téléphone, chaque centaine de kilo-octets se compte en secondes, et en données payées.',
    en: 'In the countryside and on an old telephone, each hundred kilobytes are seconds, and data that was paid for.',
  },
  howToFix: `Keep scripts and styles under assets/ within ${READER_BYTES / 1_000} kB (gzip), and the code within ${CODE_BYTES / 1_000_000} MB: the UI kit needs neither, and data belongs into a table or a file that is read when it is needed.`,
  example: { bad: 'a charting library of 400 kB for one curve', good: 'a table, and a picture made by the server' },
  async run({ files }) {
    if (files === undefined) return { status: 'skip', why: 'There is no archive to look into; see MAN-01 and MAN-05.' }
    const { howToFix: fix } = this
    const found: Finding[] = []
    const sizes: string[] = []
    let sum = 0
    for (const [path, content] of files) {
      if (!/^assets\/.*\.(js|mjs|css|wasm)$/.test(path)) continue
      const { length } = await zip(content, { level: 9 })
      sum += length
      sizes.push(`${path}: ${Math.ceil(length / 1_000)} kB`)
    }
    if (sum > READER_BYTES) found.push({ message: `Its scripts and styles have ${Math.ceil(sum / 1_000)} kB (gzip); ${READER_BYTES / 1_000} kB are the most.`, fix, file: 'assets', evidence: sizes })
    const code = files.get('plugin.cjs')?.length ?? 0
    if (code > CODE_BYTES) found.push({ message: `Its code has ${(code / 1_000_000).toFixed(1)} MB; ${CODE_BYTES / 1_000_000} MB are the most.`, fix, file: 'plugin.cjs', evidence: [] })
    return findings(found, [...sizes, `code: ${Math.ceil(code / 1_000)} kB`])
  },
}
