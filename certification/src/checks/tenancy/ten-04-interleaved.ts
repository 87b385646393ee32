import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { leaksInAnswer, type Leak } from '../../kernel/leaks.ts'
import { changes } from '../../kernel/endpoint-kinds.ts'
import { Traveller } from '../../kernel/traveller.ts'

/** Requests of each commune that are under way at once. */
const AT_ONCE = 6

/** Calls of two tenants that run at the same time do not mix. */
export const interleaved: Check<'kernel'> = {
  id: 'TEN-04', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Des demandes simultanées de deux communes ne se mélangent pas', en: 'Requests of two local authorities at the same time do not mix' },
  rationale: {
    fr: 'Ce qui est exact demande après demande peut être faux quand deux agents cliquent au même instant : une variable partagée change de commune pendant l’attente.',
    en: 'What is right one request after the other may be wrong when two people click at the same moment: a shared variable changes hands during an await.',
  },
  howToFix: 'Hand tenant, person and data on as arguments; a variable at module level must never hold anything of a call.',
  example: { bad: 'current = c.tenant; await load(); render(current)', good: 'await load(c); render(c.tenant)' },
  refs: { cwe: [362] },
  async run(stage, signal) {
    const tour = await stage.tour()
    const known = new Set(tour.exchanges.flatMap((exchange) => leaksInAnswer(exchange, exchange.tenant === 'alpha' ? tour.beta : tour.alpha).map(({ surface }) => surface)))
    const pair = [tour.alpha, tour.beta].map((of) => ({ of, traveller: new Traveller(tour.ground, of.tenant, stage.seed) }))
    const found = new Map<string, Leak>()
    for (const endpoint of tour.alpha.endpoints) {
      if (signal.aborted || (changes(endpoint) && endpoint.kind !== 'form')) continue
      const asked = endpoint.kind === 'form' ? { ...endpoint, kind: 'page' as const, title: '' } : endpoint
      const answers = await Promise.all(Array.from({ length: AT_ONCE * 2 }, (_, turn) => {
        const { of, traveller } = pair[turn % 2] as (typeof pair)[number]
        const params = of.ids.paramsFor(endpoint)[0]
        return traveller.visit(asked, { purpose: 'interleaved', variant: 0, ...(params === undefined ? {} : { params }) })
      }))
      for (const answer of answers) for (const leak of leaksInAnswer(answer, answer.tenant === 'alpha' ? tour.beta : tour.alpha)) if (!known.has(leak.surface) && !found.has(leak.surface)) found.set(leak.surface, leak)
    }
    return findings([...found.values()].map(({ surface }): Finding => ({
      message: `${surface} gives a text of one commune to the other when both ask at the same time.`, fix: this.howToFix, evidence: [`asked ${AT_ONCE * 2} times at once, as people of both communes in turn`],
    })))
  },
}
