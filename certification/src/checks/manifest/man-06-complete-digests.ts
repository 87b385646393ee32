import { digestOf } from '@liberacces/core'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'

const LIST = 'digests.json'

/** Each file is in the list of digests with the digest that it has, and none besides. */
export const completeDigests: Check<'package'> = {
  id: 'MAN-06', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 5_000,
  title: { fr: 'Chaque fichier est scellé par son empreinte', en: 'Each file is sealed by its digest' },
  rationale: {
    fr: 'Le label porte sur des octets : un fichier ajouté ou changé après coup n’a été vu par personne.',
    en: 'The label is about bytes: a file that was added or changed afterwards was seen by nobody.',
  },
  howToFix: 'Pack again with `liberacces-certify pack`, and change nothing in the archive afterwards.',
  example: { bad: 'tar --append of a file to a packed archive', good: 'add the file to the source, and pack' },
  refs: { cwe: [353] },
  async run({ files }) {
    if (files === undefined) return { status: 'skip', why: 'There is no archive to look into; see MAN-01 and MAN-05.' }
    const wrong = (file: string, message: string): Finding => ({ message, fix: this.howToFix, file, evidence: [] })
    const text = files.get(LIST)
    if (text === undefined) return findings([wrong(LIST, `${LIST} is missing: nobody can tell whether the archive is as it was packed.`)])
    let list: Readonly<Record<string, unknown>>
    try {
      list = JSON.parse(text.toString()) as typeof list
    } catch (cause) {
      return findings([wrong(LIST, `${LIST} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}.`)])
    }
    return findings([
      ...[...files].flatMap(([path, content]) => {
        if (path === LIST) return []
        if (!Object.hasOwn(list, path)) return [wrong(path, `${path} is not in ${LIST}.`)]
        return list[path] === digestOf(content) ? [] : [wrong(path, `${path} is not what ${LIST} says.`)]
      }),
      ...Object.keys(list).filter((path) => !files.has(path)).map((path) => wrong(LIST, `${path} is in ${LIST} and missing in the archive.`)),
    ])
  },
}
