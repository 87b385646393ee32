import parseLicence from 'spdx-expression-parse'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { recognizedLicences } from '../parts/licence-texts.ts'
import { licencesIn } from '../parts/licences-in.ts'

const FILE = /^(LICEN[CS]E|COPYING)(\.[a-z]+)?$/i

/** The licence is a valid SPDX expression, and the text beside it is that licence. */
export const licenceText: Check<'package'> = {
  id: 'LIC-01', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 5_000,
  title: { fr: 'La licence est claire et son texte est joint', en: 'The licence is clear and its text is there' },
  rationale: {
    fr: 'Une collectivité doit savoir ce qu’elle a le droit de faire : une licence inconnue, ou un texte qui en dit une autre, bloque un marché public.',
    en: 'A local authority must know what it may do: an unknown licence, or a text that is of another one, blocks a public contract.',
  },
  howToFix: 'Write one SPDX expression (https://spdx.org/licenses) in package.json and in definePlugin({ license }), and put the text of that licence into LICENSE.',
  example: { bad: "license: 'MIT-ish'", good: "license: 'MIT', and LICENSE with the text of MIT" },
  async run({ files, manifest }) {
    if (files === undefined || manifest === undefined) return { status: 'skip', why: 'There is no archive to look into; see MAN-01 and MAN-05.' }
    const { howToFix: fix } = this
    const found: Finding[] = []
    const say = (file: string, message: string, evidence: readonly string[] = []): void => { found.push({ message, fix, file, evidence }) }
    try {
      parseLicence(manifest.license)
    } catch (cause) {
      say('plugin.json', `"${manifest.license}" is no SPDX expression: ${cause instanceof Error ? cause.message : String(cause)}.`)
      return findings(found)
    }
    const stated = licenceOf(files)
    if (stated !== manifest.license) say('package.json', `package.json says ${JSON.stringify(stated ?? null)}, definePlugin({ license }) says "${manifest.license}".`)
    const texts = [...files].filter(([path]) => FILE.test(path))
    if (texts.length === 0) say('LICENSE', 'There is no LICENSE in the archive: nobody is told the terms.')
    const recognized = new Set(texts.flatMap(([, content]) => recognizedLicences(content.toString())))
    const meant = licencesIn(manifest.license)
    // A text that we do not know is for people to read; one that we know as another licence is wrong.
    if (recognized.size > 0 && !meant.some((id) => recognized.has(id))) say(texts[0]?.[0] ?? 'LICENSE', `The text is that of ${[...recognized].join(', ')}; the plugin says "${manifest.license}".`)
    return findings(found)
  },
}

function licenceOf(files: ReadonlyMap<string, Buffer>): unknown {
  try {
    return (JSON.parse(files.get('package.json')?.toString() ?? '{}') as { readonly license?: unknown }).license
  } catch {
    // Told by the check of the manifest.
    return undefined
  }
}
