import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { describeExchange, nameOfEndpoint } from '../../kernel/exchange.ts'
import { fillTenant, lookAt } from '../../kernel/tour.ts'
import { Traveller } from '../../kernel/traveller.ts'
import { OF_PARTNERS } from '../parts/of-partners.ts'

/** While a partner does not answer, pages and answers are there, and say so. */
export const partnerAway: Check<'kernel'> = {
  id: 'API-03', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 90_000,
  title: { fr: 'Si un partenaire ne répond pas, le service continue', en: 'When a partner does not answer, the service goes on' },
  rationale: {
    fr: 'La Trésorerie ou l’éditeur d’un logiciel métier s’arrêtent la nuit. L’habitant doit pouvoir déposer sa demande quand même.',
    en: 'The treasury, or an application of another vendor, stops at night. A resident must be able to leave a request all the same.',
  },
  howToFix: 'Catch what c.fetch throws and look at response.ok. Keep the request, and send it from a handler of an event that throws RetryLater.',
  example: { bad: "const answer = await (await c.fetch(url)).json()", good: 'try { … } catch { return <Page><Notice>…</Notice></Page> }' },
  async run(stage, signal) {
    const scopes = [...stage.manifest.scopes, ...Object.keys(stage.manifest.optionalScopes ?? {})]
    if (!scopes.some((scope) => scope.startsWith('net:'))) {
      // Nobody is there in any other check than those that look at the tour.
      if (scopes.some((scope) => scope.startsWith('tcp:'))) return { status: 'skip', why: 'It asks no partner over HTTP; those of other protocols are away in all checks that change something.' }
      return { status: 'skip', why: 'It has no partner on the network.' }
    }
    await using ground = await stage.fresh()
    const found = new Map<string, Finding>()
    const ways = [['answers 503', () => new Response('', { status: 503 })], ['cuts the connection', () => { throw new TypeError('fetch failed') }], ['answers with nonsense', () => new Response('<html>', { status: 200, headers: { 'content-type': 'text/html' } })]] as const
    for (const [how, respond] of ways) {
      ground.outside.answer(respond)
      const traveller = new Traveller(ground, ground.alpha, stage.seed)
      await fillTenant(traveller, signal)
      await lookAt(traveller, signal)
      for (const exchange of traveller.exchanges) {
        const { endpoint, status, traceId } = exchange
        if (endpoint === undefined || status < 500 || (endpoint.kind === 'route' && status in endpoint.response && OF_PARTNERS.has(status))) continue
        const asked = ground.asked.some((one) => one.traceId === traceId && one.what === 'fetch')
        const name = nameOfEndpoint(endpoint)
        if (asked && !found.has(name)) found.set(name, { message: `${name} fails when its partner ${how}.`, fix: this.howToFix, evidence: [describeExchange(exchange)] })
      }
    }
    return findings([...found.values()], [`partner away in ${ways.length} ways`])
  },
}
