import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { describeExchange, nameOfEndpoint } from '../../kernel/exchange.ts'
import type { Ground } from '../../kernel/ground.ts'
import { changes } from '../../kernel/endpoint-kinds.ts'
import { Traveller } from '../../kernel/traveller.ts'
import { loggedFailure } from '../parts/logged-failure.ts'

/** Longest that installing and switching on may take, in milliseconds: the machine may be a small one. */
const BUDGET_MS = 30_000

/** Just switched on, with nothing in it, every page and answer works. */
export const coldStart: Check<'kernel'> = {
  id: 'LIF-01', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Activée à vide, l’application fonctionne sans intervention', en: 'Switched on with nothing in it, the plugin works without anybody\'s help' },
  rationale: {
    fr: 'Une petite commune n’a pas de service informatique : après le clic sur « Activer », tout doit marcher.',
    en: 'A small local authority has no computer department: after the click on "switch on" everything must work.',
  },
  howToFix: 'Let every page do with empty tables and default settings: an empty list, a zero, a link to what is to be done first. What must be there is made by a migration.',
  example: { bad: "const { value } = await c.db.selectFrom('config')…executeTakeFirstOrThrow()", good: "const config = await …executeTakeFirst() ?? DEFAULTS" },
  async run(stage, signal) {
    const found: Finding[] = []
    const { installMs, enableMs } = stage.took
    const took = Math.round(installMs + enableMs)
    if (took > BUDGET_MS) found.push({ message: `Installing and switching on took ${took} ms.`, fix: 'Do less in migrations and at import.', evidence: [`${Math.round(installMs)} ms to install, ${Math.round(enableMs)} ms to switch on at two communes`] })
    const { ground } = await stage.lab()
    const traveller = new Traveller(ground, ground.beta, stage.seed)
    for (const endpoint of traveller.endpoints) {
      if (signal.aborted || endpoint.path.includes(':') || (changes(endpoint) && endpoint.kind !== 'form')) continue
      const answer = await traveller.visit(endpoint.kind === 'form' ? { ...endpoint, kind: 'page', title: '' } : endpoint)
      if (answer.status >= 500 && !/UNAVAILABLE|PLUGIN_CALL_TIMEOUT/.test(answer.text) && !ground.asked.some(({ traceId, what }) => traceId === answer.traceId && what === 'fetch')) found.push({ message: `${nameOfEndpoint(endpoint)} fails while nothing is in the plugin yet.`, fix: this.howToFix, evidence: [describeExchange(answer), ...failureOf(ground, answer.traceId)] })
    }
    return findings(found, [`${traveller.exchanges.length} pages and answers`])
  },
}

function failureOf(ground: Ground, traceId: string): readonly string[] {
  const failure = loggedFailure(ground, traceId)
  return failure === undefined ? [] : [failure.message, ...(failure.stack.length === 0 ? [] : [failure.stack.join(' ')])]
}
