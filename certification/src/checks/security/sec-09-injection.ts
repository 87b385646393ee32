import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { originOf } from '../../kernel/leaks.ts'
import { whereAsked } from '../../kernel/where-asked.ts'

/** What people type never becomes part of a statement's text. */
export const injection: Check<'kernel'> = {
  id: 'SEC-09', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'Ce qui est saisi n’est jamais exécuté', en: 'What is typed is never executed' },
  rationale: {
    fr: 'Un texte collé dans une requête SQL peut la changer : lire toute une table, effacer des lignes. Aucun échappement fait à la main ne tient longtemps.',
    en: 'A text pasted into an SQL statement can change it: read a whole table, delete rows. No escaping by hand holds for long.',
  },
  howToFix: "Give values as parameters: where('text', 'like', pattern), or sql`… ${value}`; never sql.raw, sql.lit or a text put together.",
  example: { bad: "sql.raw(`select * from note where text like '%${q}%'`)", good: "c.db.selectFrom('note').selectAll().where('text', 'like', `%${q}%`)" },
  refs: { cwe: [89] },
  async run(stage) {
    if (stage.runtime.kind === 'inline') return { status: 'review', items: [`Statements are seen at the border of a process. ${stage.runtime.why}`] }
    const tour = await stage.tour()
    const pens = [...tour.alpha.pens, ...tour.beta.pens]
    const bySql = new Map<string, Finding>()
    for (const asked of tour.ground.asked) {
      if (asked.sql === undefined) continue
      const [canary] = pens.flatMap((pen) => pen.foundIn(asked.sql ?? ''))
      // A search for the first characters of a canary has none of them.
      const words = pens.find(({ searchText }) => asked.sql?.includes(searchText) === true)
      if (canary === undefined && words === undefined) continue
      const shape = asked.sql.replaceAll(/c[0-9a-f]{8,11}[0-9a-z]{0,2}/g, '…').slice(0, 160)
      if (!bySql.has(shape)) bySql.set(shape, { message: `A typed text is part of the statement itself: ${shape}`, fix: this.howToFix, evidence: [canary === undefined ? 'a word that was searched for' : originOf(canary), whereAsked(tour, asked)] })
    }
    return findings([...bySql.values()])
  },
}
