import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { describeExchange, nameOfEndpoint } from '../../kernel/exchange.ts'

/** What staff change or delete of somebody's data is in the audit trail. */
export const onRecord: Check<'kernel'> = {
  id: 'GDP-05', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'Ce que les agents suppriment des données d’une personne est tracé', en: 'What staff delete of a person\'s data is on record' },
  rationale: {
    fr: 'Quand un habitant demande ce qu’est devenu son dossier, la commune doit pouvoir dire qui l’a supprimé et quand.',
    en: 'When a resident asks what has become of a file, the local authority must be able to say who deleted it and when.',
  },
  howToFix: "Say it in the same call: await c.audit('note.removed', id). The action is a dotted verb, the target an id; no personal data in either.",
  example: { bad: "await tx.deleteFrom('note').where('id', '=', id).execute()", good: "… and then await c.audit('note.removed', id)" },
  refs: { cwe: [778], article: 'RGPD art. 5(2)' },
  async run(stage) {
    if (stage.runtime.kind === 'inline') return { status: 'review', items: [`What a call does is seen at the border of a process. ${stage.runtime.why}`] }
    const tables = stage.manifest.stores.map(({ table }) => table)
    if (tables.length === 0) return { status: 'skip', why: 'It declares no personal data.' }
    const tour = await stage.tour()
    const found = new Map<string, Finding>()
    const byTrace = Map.groupBy(tour.ground.asked.filter(({ refused }) => refused === undefined), ({ traceId }) => traceId)
    const deletions = tables.map((table) => new RegExp(`^\\s*delete from "?${table}"?\\b`, 'i'))
    for (const exchange of tour.exchanges) {
      if (exchange.endpoint === undefined || exchange.status >= 400 || exchange.persona.startsWith('citizen ') || exchange.persona === 'visitor') continue
      const asked = byTrace.get(exchange.traceId) ?? []
      const deleted = asked.find(({ sql = '' }) => deletions.some((deletion) => deletion.test(sql)))
      if (deleted === undefined || asked.some(({ what }) => what === 'audit')) continue
      const name = nameOfEndpoint(exchange.endpoint)
      if (!found.has(name)) found.set(name, { message: `${name} deletes personal data of others, and nothing of it is in the audit trail.`, fix: this.howToFix, evidence: [describeExchange(exchange), deleted.sql ?? ''] })
    }
    return findings([...found.values()])
  },
}
