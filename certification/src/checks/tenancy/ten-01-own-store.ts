import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { firstOfEach, whereAsked } from '../../kernel/where-asked.ts'

/** No statement tries to leave the plugin's own tables. */
export const ownStore: Check<'kernel'> = {
  id: 'TEN-01', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 300_000, // the first that asks for the tour waits for it
  title: { fr: 'Aucune requête ne sort de la base de l’application', en: 'No statement leaves the tables of the plugin' },
  rationale: {
    fr: 'La base de chaque commune et de chaque application est un coffre à part. La plateforme refuse d’en sortir ; une application qui l’essaie n’a rien à y faire.',
    en: 'The tables of each tenant and plugin are a safe of their own. The platform refuses what would leave it; a plugin that tries has no business there.',
  },
  howToFix: 'Remove the statement: what another plugin has is asked for by its contract, and what the platform has is not for plugins.',
  example: { bad: "sql`attach '/data/other.sqlite' as other`", good: "c.use(Directory).person({ id })" },
  refs: { cwe: [89, 284] },
  async run(stage) {
    if (stage.runtime.kind === 'inline') return { status: 'review', items: [`Statements are seen at the border of a process. ${stage.runtime.why}`] }
    const tour = await stage.tour()
    const refused = tour.ground.asked.filter((asked) => asked.refused === 'DB_STATEMENT_REFUSED')
    const bySql = firstOfEach(refused, ({ sql, what }) => sql ?? what)
    return findings(bySql.map(([sql, asked]): Finding => ({
      message: `A statement tried to leave the plugin's tables: ${sql.slice(0, 120)}`, fix: this.howToFix, evidence: [asked.why ?? '', whereAsked(tour, asked)],
    })))
  },
}
