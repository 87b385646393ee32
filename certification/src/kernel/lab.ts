import { join } from 'node:path'
import { derivedHex } from './chance.ts'
import type { Ground } from './ground.ts'
import type { GroundTenant } from './ground-tenant.ts'
import type { JsonSchema } from './schema-arbitrary.ts'
import { dumpStore, ownTables, type DumpedTable } from './store-dump.ts'
import { fillTenant } from './tour.ts'
import { Traveller } from './traveller.ts'

/** An event that a handler of the plugin takes. */
export interface LabEvent {
  readonly type: string
  readonly handler: string
  readonly subject: string | undefined
  readonly data: unknown
}

/** What one delivery came to. */
export interface Delivered {
  readonly event: LabEvent
  readonly error: Error | undefined
}

/** How many events of each handler are taken. */
const MOST_OF_HANDLER = 6

/** A platform of which one tenant is filled through the plugin's own surfaces and the other is as empty as it was. Checks that change something share it, and put the store back. */
export class Lab {
  readonly ground: Ground
  readonly traveller: Traveller
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal
  readonly #seed: number
  #saves = 0

  private constructor(ground: Ground, traveller: Traveller, seed: number, signal: AbortSignal) {
    this.ground = ground
    this.traveller = traveller
    this.signal = signal
    this.#seed = seed
  }

  /** Does something to the filled tenant, and puts its store back whatever came of it. */
  async undone<Result>(body: () => Promise<Result>): Promise<Result> {
    const restore = await this.save()
    try {
      return await body()
    } finally {
      await restore()
    }
  }

  /** Fills the first tenant of a ground through the plugin's own surfaces, and lets everything settle. */
  static async open(ground: Ground, seed: number, signal: AbortSignal): Promise<Lab> {
    const traveller = new Traveller(ground, ground.alpha, seed)
    await fillTenant(traveller, signal)
    await ground.settle()
    // A store is made when it is first used: one that nobody used has nothing to go back to.
    await ground.platform.storage.kernelStore({ tenantId: ground.alpha.id, pluginId: ground.manifest.id }).selectFrom('liberacces_outbox').select('seq').limit(1).execute()
    return new Lab(ground, traveller, seed, signal)
  }

  get tenant(): GroundTenant {
    return this.ground.alpha
  }

  /** Events for the plugin's handlers: its own as they were written, those of others made from their schemas. */
  async events(): Promise<readonly LabEvent[]> {
    const { handlers } = this.ground.release(this.tenant).registrations
    const written = (await dumpStore(this.ground, this.tenant)).find(({ name }) => name === 'liberacces_outbox')?.rows ?? []
    return handlers.flatMap(({ id, event }) => {
      if (event === 'any') return []
      const own = written.filter(({ type }) => type === event.id).slice(0, MOST_OF_HANDLER).map((row): LabEvent => ({ type: event.id, handler: id, subject: row['subject'] as string ?? undefined, data: JSON.parse(String(row['data_json'])) as unknown }))
      if (own.length > 0 || this.ground.manifest.emits.some(({ id: emitted }) => emitted === event.id)) return own
      return [0, 2].map((variant): LabEvent => {
        const data = this.traveller.input(event.schema as JsonSchema, `event ${event.id}`, variant)
        return { type: event.id, handler: id, subject: event.subject === undefined ? undefined : String((data as Readonly<Record<string, unknown>>)[event.subject]), data }
      })
    })
  }

  /** Hands one event to its handler. @param name - the same name is the same event */
  async deliver(event: LabEvent, name: string, attempt = 1): Promise<Delivered> {
    const { platform, manifest, outside } = this.ground
    try {
      await platform.deliver({
        eventId: `certification-${derivedHex(this.#seed, 24, event.handler, name)}`, type: event.type, source: manifest.id, subject: event.subject, time: outside.now(), data: event.data, traceparent: undefined,
        tenantId: this.tenant.id, subscriber: manifest.id, handler: event.handler, attempt,
      })
      return { event, error: undefined }
    } catch (error) {
      return { event, error: error instanceof Error ? error : new Error(String(error)) }
    }
  }

  /** The plugin's own tables, and what it has emitted and sent, as they are now. */
  async state(): Promise<readonly DumpedTable[]> {
    const dump = await dumpStore(this.ground, this.tenant)
    const emitted = (dump.find(({ name }) => name === 'liberacces_outbox')?.rows ?? []).map(({ type, subject, data_json: data }) => ({ type, subject, data }))
    return [...ownTables(dump), { name: 'events emitted', rows: emitted.map((row, index) => ({ ...row, number: emitted.slice(0, index).filter((one) => JSON.stringify(one) === JSON.stringify(row)).length })) }]
  }

  /** Keeps the filled tenant's store as it is. @returns puts it back */
  async save(): Promise<() => Promise<void>> {
    const key = { tenantId: this.tenant.id, pluginId: this.ground.manifest.id }
    this.#saves += 1
    const path = join(this.ground.folder, `saved-${this.#saves}.sqlite`)
    await this.ground.platform.storage.copyStore(key, path)
    return () => this.ground.platform.storage.placeStore(key, path)
  }
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** The same state with every id that was not there before called the same: which ids are drawn is chance. */
export function withoutNewIds(state: readonly DumpedTable[], before: readonly DumpedTable[]): readonly DumpedTable[] {
  const known = new Set(JSON.stringify(before).match(UUID) ?? [])
  return state.map(({ name, rows }) => ({ name, rows: rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [column, typeof value === 'string' ? value.replaceAll(UUID, (id) => (known.has(id) ? id : '<new id>')) : value]))) }))
}
