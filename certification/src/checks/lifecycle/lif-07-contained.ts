import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { describeExchange, nameOfEndpoint } from '../../kernel/exchange.ts'

/** No input makes the plugin hang or end its process; whatever it did, the platform goes on. */
export const contained: Check<'kernel'> = {
  id: 'LIF-07', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'Aucune demande ne bloque ni n’arrête l’application', en: 'No request makes the plugin hang or end' },
  rationale: {
    fr: 'Une boucle sans fin dans une application coupe le service de toutes les communes qui l’utilisent, jusqu’à ce que la plateforme la relance.',
    en: 'A loop without end takes the plugin away from all local authorities that use it, until the platform starts it again.',
  },
  howToFix: 'Find the loop or the wait at the endpoint that is named: bound it by the size of its input, look at c.signal, and let work that is long be done by a schedule in pieces.',
  example: { bad: 'while (queue.length > 0) { … }  // never empties', good: 'for (const item of queue.slice(0, 100)) { … }' },
  refs: { cwe: [400, 835] },
  async run(stage) {
    const tour = await stage.tour()
    const { platform, manifest } = tour.ground
    const found = new Map<string, Finding>()
    for (const exchange of tour.exchanges) {
      if (exchange.status < 500 || !/PLUGIN_CALL_TIMEOUT/.test(exchange.text + codeOf(tour.ground.log.lines(), exchange.traceId))) continue
      const name = exchange.endpoint === undefined ? exchange.path : nameOfEndpoint(exchange.endpoint)
      if (!found.has(name)) found.set(name, { message: `${name} did not answer within its time.`, fix: this.howToFix, evidence: [describeExchange(exchange)] })
    }
    const crashes = await platform.storage.platform.selectFrom('plugin_crash').select('why').where('plugin_id', '=', manifest.id).execute()
    for (const why of new Set(crashes.map((crash) => crash.why))) found.set(why, { message: `Its process ended while it was gone through: ${why}.`, fix: this.howToFix, evidence: [] })
    const health = await tour.ground.send(tour.ground.alpha, undefined, 'GET', '/healthz')
    if (health.status !== 200) found.set('healthz', { message: 'The platform itself no longer answers as it should.', fix: this.howToFix, evidence: [`/healthz → ${health.status}`] })
    return findings([...found.values()])
  },
}

function codeOf(lines: readonly { readonly traceId?: string; readonly code?: unknown }[], traceId: string): string {
  return lines.filter((line) => line.traceId === traceId).map(({ code }) => (typeof code === 'string' ? code : '')).join(' ')
}
