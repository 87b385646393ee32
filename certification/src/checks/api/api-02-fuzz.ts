import * as fc from 'fast-check'
import type { Endpoint } from '@liberacces/sdk/host'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { derivedSeed } from '../../kernel/chance.ts'
import { describeExchange, nameOfEndpoint, type Exchange } from '../../kernel/exchange.ts'
import type { Ground } from '../../kernel/ground.ts'
import type { Tour } from '../../kernel/tour.ts'
import { Traveller } from '../../kernel/traveller.ts'
import { arbitraryOf, type JsonSchema } from '../../kernel/schema-arbitrary.ts'
import { loggedFailure } from '../parts/logged-failure.ts'
import { OF_PARTNERS } from '../parts/of-partners.ts'

/** Inputs of each endpoint. */
const RUNS = 15

/** Whatever fits its schema is answered; nothing makes the plugin fail. */
export const fuzz: Check<'kernel'> = {
  id: 'API-02', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 90_000,
  title: { fr: 'Aucune saisie acceptée par le formulaire ne provoque d’erreur', en: 'No input that is taken makes the plugin fail' },
  rationale: {
    fr: 'Un prénom avec un emoji, un champ vide, un nombre immense : ce que le schéma accepte, quelqu’un le saisira.',
    en: 'A name with an emoji, an empty field, an enormous number: what the schema takes, somebody will type.',
  },
  howToFix: 'Make the schema say what the code can deal with (minLength, maxLength, pattern, minimum), and deal with all that it takes. What is wrong beyond it is answered with 4xx or c.invalid.',
  example: { bad: 'body: Type.Object({ text: Type.String() }) … Buffer.from(text)[0].toString()', good: 'body: Type.Object({ text: Type.String({ minLength: 1 }) })' },
  refs: { cwe: [20, 248] },
  async run(stage, signal) {
    const tour = await stage.tour()
    const lab = await stage.lab()
    const { ground } = lab
    const traveller = new Traveller(ground, lab.tenant, stage.seed)
    await traveller.readIds()
    const found = new Map<string, Finding>()
    const keep = (of: Ground, exchange: Exchange, smallest?: unknown): void => {
      const name = exchange.endpoint === undefined ? exchange.path : nameOfEndpoint(exchange.endpoint)
      if (found.has(name)) return
      found.set(name, { message: `${name} answers ${exchange.status} to an input that fits its schema.`, fix: this.howToFix, evidence: [`smallest input: ${smallest === undefined ? exchange.sent.slice(0, 300) : JSON.stringify(smallest).slice(0, 300)}`, describeExchange(exchange), ...failureOf(of, exchange)] })
    }
    const isBlamed = isFailureBeside(tour)
    for (const exchange of tour.exchanges) if (exchange.endpoint !== undefined && isBlamed(tour.ground, exchange)) keep(tour.ground, exchange)
    await lab.undone(async () => {
      for (const endpoint of traveller.endpoints) {
        const schema = schemaOf(endpoint)
        const name = nameOfEndpoint(endpoint)
        if (signal.aborted || schema === undefined || found.has(name)) continue
        let worst: Exchange | undefined
        const params = traveller.ids.paramsFor(endpoint)[0] ?? {}
        const result = await fc.check(fc.asyncProperty(arbitraryOf(schema, { strange: true }), async (input) => {
          const answer = await traveller.visit(endpoint, { params, ...(endpoint.kind === 'page' || (endpoint.kind === 'route' && endpoint.body === undefined) ? { query: texts(input) } : { body: input }) })
          const fails = isBlamed(ground, answer)
          if (fails) worst = answer
          return !fails
        }), { seed: derivedSeed(stage.seed, name), numRuns: RUNS })
        if (worst !== undefined && result.failed && result.counterexample !== null) keep(ground, worst, result.counterexample[0])
      }
    })
    return findings([...found.values()], [`${traveller.exchanges.length} inputs`])
  },
}

function schemaOf(endpoint: Endpoint): JsonSchema | undefined {
  if (endpoint.kind === 'form') return JSON.stringify(endpoint.schema).includes('"upload"') ? undefined : endpoint.schema as JsonSchema
  if (endpoint.kind === 'route' && endpoint.body !== undefined) return 'x-raw' in endpoint.body ? undefined : endpoint.body as JsonSchema
  return endpoint.kind === 'action' ? undefined : endpoint.query as JsonSchema | undefined
}

function texts(input: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(input as Readonly<Record<string, unknown>>).filter(([, value]) => typeof value !== 'object').map(([name, value]) => [name, String(value)]))
}

/**
 * Tells a failure of the plugin that is this check's: hanging, ending and a partner that is away are others'. That it had asked a partner before it failed excuses it only where nothing that asks
 * the partner got through on the tour, which had the same partner: what fails for some inputs alone does not fail for the partner.
 */
function isFailureBeside(tour: Tour): (ground: Ground, exchange: Exchange) => boolean {
  const partnersAsked = new Set(tour.ground.asked.filter(({ what }) => what === 'fetch').map(({ traceId }) => traceId))
  const getsThrough = new Set(tour.exchanges.filter(({ endpoint, status, traceId }) => endpoint !== undefined && status < 400 && partnersAsked.has(traceId)).map(({ endpoint }) => nameOfEndpoint(endpoint as Endpoint)))
  return (ground, exchange) => {
    const { status, endpoint, traceId, text } = exchange
    if (status < 500) return false
    const lines = ground.log.lines().filter((line) => line.traceId === traceId)
    if (/UNAVAILABLE|PLUGIN_CALL_TIMEOUT/.test(text) || lines.some(({ code }) => code === 'UNAVAILABLE' || code === 'PLUGIN_CALL_TIMEOUT')) return false
    if (!asksPartner(ground, exchange)) return true
    // That it declares a 5xx excuses it where it says so of a partner that is away, and nowhere else.
    if (endpoint?.kind === 'route' && status in endpoint.response) return !OF_PARTNERS.has(status)
    return endpoint !== undefined && getsThrough.has(nameOfEndpoint(endpoint))
  }
}

function asksPartner(ground: Ground, { traceId }: Exchange): boolean {
  return ground.asked.some((asked) => asked.traceId === traceId && asked.what === 'fetch')
}

function failureOf(ground: Ground, { traceId }: Exchange): readonly string[] {
  const { stack = [] } = loggedFailure(ground, traceId) ?? {}
  return stack.length === 0 ? [] : [stack.map((each) => each.trim()).join(' ')]
}
