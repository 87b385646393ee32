import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { CERTIFIER } from '../../kernel/certifier.ts'
import { findSubjects, type Subject } from '../../kernel/data-subjects.ts'
import { dumpFiles, dumpStore, ownTables } from '../../kernel/store-dump.ts'

/** After an erasure the person is found nowhere in what the plugin keeps. */
export const wholeErasure: Check<'kernel'> = {
  id: 'GDP-03', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Après l’effacement, la personne ne se retrouve nulle part', en: 'After an erasure the person is found nowhere' },
  rationale: {
    fr: 'Une ligne « supprimée » qui reste dans la table est encore une donnée personnelle, et sortira un jour d’une sauvegarde.',
    en: 'A row that is marked deleted and stays in its table is personal data still, and comes out of a backup one day.',
  },
  howToFix: 'Delete the rows in privacy.erase, or set every column that names the person to null; name what a law keeps in kept, with that law.',
  example: { bad: "erase: … updateTable('note').set({ deleted: 1 })", good: "erase: … deleteFrom('note').where('author_id', '=', id)" },
  refs: { article: 'RGPD art. 17' },
  async run(stage) {
    if (stage.manifest.stores.length === 0) return { status: 'skip', why: 'It declares no personal data.' }
    const lab = await stage.lab()
    const { ground } = lab
    const subjects = await findSubjects(lab)
    if (subjects.length === 0) return { status: 'skip', why: 'Nobody could be brought into its tables through its own pages and API.' }
    const found: Finding[] = []
    const held: string[] = []
    await lab.undone(async () => {
      for (const subject of subjects) {
        const answer = (await ground.platform.privacy.erase(ground.alpha.id, { id: subject.id, email: subject.email, name: subject.name }, CERTIFIER))[stage.manifest.id]
        await ground.settle()
        // A law may ask to keep something; which, and whether that is all that is left, no program can tell.
        const isKept = (answer?.kept?.length ?? 0) > 0
        const tell = (finding: Finding): void => {
          if (isKept) held.push(`${finding.message} It says that it keeps ${JSON.stringify(answer?.kept).slice(0, 200)}. ${finding.evidence.join(' ')}`)
          else found.push(finding)
        }
        const names = namesOf(subject)
        for (const { name, rows } of ownTables(await dumpStore(ground, ground.alpha))) {
          const row = rows.find((one) => names.some((text) => JSON.stringify(one).toLowerCase().includes(text)))
          if (row !== undefined) tell({ message: `After the erasure table "${name}" still names the person.`, fix: this.howToFix, evidence: [`erased: ${answer?.erased ?? 0} rows by its own word`, JSON.stringify(row).slice(0, 300)] })
        }
        if ((await dumpFiles(ground, ground.alpha)).some((bytes) => names.some((text) => bytes.toString('latin1').toLowerCase().includes(text)))) tell({ message: 'After the erasure a file still names the person.', fix: this.howToFix, evidence: [] })
      }
    })
    const [first, ...rest] = [...new Set(held)]
    if (found.length === 0 && first !== undefined) return { status: 'review', items: [first, ...rest] }
    return findings(found, [`${subjects.length} persons`])
  },
}

function namesOf({ id, email, name, places }: Subject): readonly string[] {
  return [...new Set([...(id === 'nobody' ? [] : [id]), ...(email === undefined ? [] : [email]), ...(name === 'Personne' ? [] : [name]), ...places.map(({ value }) => value).filter((value) => value.includes('@') || value === id)].map((text) => text.toLowerCase()))]
}
