import type { WrittenCanary } from './canary-pen.ts'
import { describeExchange, nameOfEndpoint, type Exchange } from './exchange.ts'
import type { GroundTenant } from './ground-tenant.ts'
import { dumpFiles, dumpStore } from './store-dump.ts'
import type { Tour } from './tour.ts'
import type { Traveller } from './traveller.ts'

/** A text of one tenant that was seen at the other. */
export interface Leak {
  /** `asked`: in an answer to who had an id of the other tenant; `unasked`: to who had not; `elsewhere`: where nobody asked, such as a table or a mail. */
  readonly kind: 'asked' | 'unasked' | 'elsewhere'
  readonly canary: WrittenCanary
  /** Where: an endpoint as its author wrote it, a table, an event. */
  readonly surface: string
  readonly evidence: string
}

/** Every place where texts of one tenant came to light at the other, the first of each place and kind. */
export async function findLeaks(tour: Tour): Promise<readonly Leak[]> {
  const found = new Map<string, Leak>()
  const keep = (leak: Leak): void => {
    const key = `${leak.kind} ${leak.surface}`
    if (!found.has(key)) found.set(key, leak)
  }
  for (const exchange of tour.exchanges) for (const leak of leaksInAnswer(exchange, exchange.tenant === 'alpha' ? tour.beta : tour.alpha)) keep(leak)
  for (const [own, other] of [[tour.alpha, tour.beta], [tour.beta, tour.alpha]] as const) {
    for (const { tenant, what, answer, error } of tour.calls) {
      if (tenant === own.tenant.slug) for (const canary of foundIn(other, `${answer} ${error ?? ''}`)) keep({ kind: 'elsewhere', canary, surface: what, evidence: `${what} at ${tenant} → ${excerpt(answer || (error ?? ''), canary)}` })
    }
    for (const { where, text } of await restingTexts(tour, own.tenant)) for (const canary of foundIn(other, text)) keep({ kind: 'elsewhere', canary, surface: where, evidence: `${where} of ${own.tenant.slug}: ${excerpt(text, canary)}` })
  }
  return [...found.values()]
}

/** Texts of another tenant in one answer; not those that the request itself brought along. */
export function leaksInAnswer(exchange: Exchange, other: Traveller): readonly Leak[] {
  const brought = exchange.sent.toLowerCase()
  return foundIn(other, exchange.text).filter(({ text }) => !brought.includes(text)).map((canary): Leak => ({
    kind: exchange.purpose === 'cross' ? 'asked' : 'unasked', canary,
    surface: exchange.endpoint === undefined ? `${exchange.method} ${exchange.path}` : nameOfEndpoint(exchange.endpoint),
    evidence: `at ${exchange.tenant}: ${describeExchange(exchange)}: ${excerpt(exchange.text, canary)}`,
  }))
}

function foundIn(traveller: Traveller, text: string): readonly WrittenCanary[] {
  return traveller.pens.flatMap((pen) => pen.foundIn(text))
}

/** Where texts of a tenant lie that nobody asked for. */
async function restingTexts({ ground }: Tour, tenant: GroundTenant): Promise<readonly { readonly where: string; readonly text: string }[]> {
  const tables = await dumpStore(ground, tenant)
  const audit = await ground.platform.storage.platform.selectFrom('audit').selectAll().where('tenant_id', '=', tenant.id).where('plugin_id', '=', ground.manifest.id).execute()
  return [
    ...tables.map(({ name, rows }) => ({ where: name === 'liberacces_outbox' ? 'an event' : `table ${name}`, text: JSON.stringify(rows) })),
    ...(await dumpFiles(ground, tenant)).map((bytes) => ({ where: 'a file', text: bytes.toString('latin1') })),
    { where: 'the audit trail', text: JSON.stringify(audit) },
    // Not the lines that the platform writes of each request: their paths are what was asked.
    { where: 'a line of the log', text: JSON.stringify(ground.log.lines().filter((line) => line.plugin === ground.manifest.id && line.tenant === tenant.slug && line['path'] === undefined)) },
  ]
}

function excerpt(text: string, { text: canary }: WrittenCanary): string {
  const at = Math.max(0, text.toLowerCase().indexOf(canary))
  return `…${text.slice(Math.max(0, at - 40), at + canary.length + 40).replaceAll(/\s+/g, ' ')}…`
}

/** Who put a canary in, and where. */
export function originOf({ persona, place }: WrittenCanary): string {
  return `typed by ${persona} into ${place}`
}
