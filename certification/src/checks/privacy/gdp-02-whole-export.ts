import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { CERTIFIER } from '../../kernel/certifier.ts'
import { findSubjects, rowsAbout } from '../../kernel/data-subjects.ts'

/** The export of a person's data holds every row about them, and all that they typed. */
export const wholeExport: Check<'kernel'> = {
  id: 'GDP-02', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'L’export d’une personne contient tout ce qu’elle a déposé', en: 'The export of a person holds all that they left' },
  rationale: {
    fr: 'Le droit d’accès porte sur toutes les données : un export incomplet expose la collectivité à une plainte.',
    en: 'The right of access is about all data: an export with holes brings a complaint upon the local authority.',
  },
  howToFix: 'Answer privacy.export with every column of every declared table that is about the person, and the ids of their files.',
  example: { bad: "export: async (c, { id }) => ({ data: { notes: await …select(['id']) } })", good: "export: async (c, { id }) => ({ data: { notes: await …selectAll().where('author_id', '=', id).execute() } })" },
  refs: { article: 'RGPD art. 15' },
  async run(stage) {
    if (stage.manifest.stores.length === 0) return { status: 'skip', why: 'It declares no personal data.' }
    const lab = await stage.lab()
    const { ground, traveller } = lab
    const subjects = await findSubjects(lab)
    if (subjects.length === 0) return { status: 'skip', why: 'Nobody could be brought into its tables through its own pages and API.' }
    const found: Finding[] = []
    for (const subject of subjects) {
      const rows = await rowsAbout(ground, ground.alpha, subject)
      const answer = (await ground.platform.privacy.export(ground.alpha.id, { id: subject.id, email: subject.email, name: subject.name }, CERTIFIER))[stage.manifest.id]
      const text = JSON.stringify(answer ?? {}).toLowerCase()
      const pen = traveller.pens.find(({ persona }) => ground.alpha.personas.some(({ id, label }) => id === subject.id && label === persona))
      for (const table of new Set(rows.map((one) => one.table))) {
        const missing = rows.filter((one) => one.table === table).filter(({ row }) => !told(row, text))
        const typed = rows.filter((one) => one.table === table).flatMap(({ row }) => pen?.foundIn(JSON.stringify(row)) ?? []).filter((canary) => !text.includes(canary.text))
        const [first] = missing
        if (first !== undefined) found.push({ message: `The export leaves out ${missing.length} of the rows of "${table}" about the person.`, fix: this.howToFix, evidence: [JSON.stringify(first.row).slice(0, 300)] })
        else if (typed[0] !== undefined) found.push({ message: `The export leaves out what the person has typed: ${typed[0].place}, kept in "${table}".`, fix: this.howToFix, evidence: [`"${typed[0].text}"`] })
      }
    }
    return findings(found, [`${subjects.length} persons`])
  },
}

/** Whether an export has anything that only this row has: its id, or a longer text of it. */
function told(row: Readonly<Record<string, unknown>>, text: string): boolean {
  return Object.entries(row).some(([, value]) => typeof value === 'string' && value.length >= 10 && text.includes(JSON.stringify(value).slice(1, -1).toLowerCase()))
}
