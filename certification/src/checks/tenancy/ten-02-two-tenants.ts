import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { findLeaks, originOf } from '../../kernel/leaks.ts'

/** What is written at one commune is never seen at another: on no page, in no answer, event, file, mail or table. */
export const twoTenants: Check<'kernel'> = {
  id: 'TEN-02', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'Une commune ne voit jamais les données d’une autre', en: 'One local authority never sees the data of another' },
  rationale: {
    fr: 'La plateforme est partagée : si une commune lit ce qu’une autre a saisi, le secret professionnel et le RGPD sont rompus pour toutes.',
    en: 'The platform is shared: where one local authority reads what another has entered, confidentiality and the GDPR are broken for all.',
  },
  howToFix: 'Keep nothing of a call beyond it: no Map, cache or list at module level. What must last goes into c.db or c.files, which are of one tenant by themselves.',
  example: { bad: 'const notes = new Map()  // lives as long as the process, for all tenants', good: "await c.db.selectFrom('note').selectAll().where('id', '=', params.id).executeTakeFirst()" },
  refs: { cwe: [639, 668] },
  async run(stage) {
    const tour = await stage.tour()
    const leaks = (await findLeaks(tour)).filter(({ kind }) => kind !== 'unasked')
    return findings(leaks.map(({ kind, canary, surface, evidence }): Finding => ({
      message: kind === 'asked' ? `${surface} gives a text of ${canary.tenant} to people of the other commune who have its id, or search for it.` : `A text of ${canary.tenant} came to lie in ${surface} of the other commune.`,
      fix: this.howToFix, evidence: [`"${canary.text}", ${originOf(canary)}`, evidence],
    })), [`${tour.exchanges.length} requests and ${tour.calls.length} other calls at two communes, ${tour.alpha.pens.concat(tour.beta.pens).reduce((sum, { written }) => sum + written.length, 0)} canaries`])
  },
}
