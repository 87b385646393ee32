import type { Kysely } from 'kysely'
import type { Storage, StoreKey } from '../storage/storage.ts'
import { storeName } from '../storage/store-name.ts'
import type { StoreTables } from '../storage/store-tables.ts'
import type { Carriage, CarriageListener } from './carriage.ts'

/**
 * The carriage of a platform that is one process: it carries everything. Which stores may hold undelivered events stands in rows of the
 * kernel's own tables; a store that writes steadily pays for its mark once.
 *
 * A mark is set inside the transaction that writes the event, and cleared only inside another transaction on the same
 * store which saw that nothing is left; so it cannot be cleared while an event is being written.
 */
export class DirtyMarks implements Carriage {
  readonly #storage: Storage
  /** Stores known to have a durable mark that says "look at once". */
  readonly #marked = new Set<string>()
  readonly #marking = new Map<string, Promise<void>>()
  readonly #clearing = new Map<string, Promise<void>>()
  /** Marks to be taken away with the next transaction: many come to rest at the same moment, and each commit is a sync. */
  #unwritten: { readonly key: StoreKey; readonly dueAt: number | undefined }[] = []
  #writing: Promise<void> | undefined

  constructor(storage: Storage) {
    this.#storage = storage
  }

  async start(listener: CarriageListener): Promise<void> {
    const rows = await this.#storage.platform.selectFrom('dirty').selectAll().execute()
    for (const row of rows) {
      const key = { tenantId: row.tenant_id, pluginId: row.plugin_id }
      if (row.due_at === 0) this.#marked.add(storeName(key))
      listener.taken(key, row.due_at, false)
    }
  }

  beforeEvent(key: StoreKey): Promise<void> | undefined {
    const name = storeName(key)
    if (this.#marked.has(name)) return undefined
    const known = this.#marking.get(name)
    if (known !== undefined) return known
    const marking = this.#insert(key, name).finally(() => { this.#marking.delete(name) })
    this.#marking.set(name, marking)
    return marking
  }

  async mark(key: StoreKey): Promise<void> {
    await this.beforeEvent(key)
  }

  isHere(): boolean {
    return true
  }

  wakeElsewhere(): void {
    // There is nowhere else.
  }

  async confirm(): Promise<boolean> {
    return true
  }

  /** Unmarked at once in memory; the row follows. */
  async release(_tx: Kysely<StoreTables>, key: StoreKey, dueAt: number | undefined): Promise<(() => Promise<void>) | undefined> {
    const name = storeName(key)
    if (this.#marking.has(name) || this.#clearing.has(name)) return undefined
    this.#marked.delete(name)
    const clearing = this.#write(key, dueAt).finally(() => { this.#clearing.delete(name) })
    clearing.catch(() => undefined) // told to who awaits it
    this.#clearing.set(name, clearing)
    return () => clearing
  }

  isMarked(key: StoreKey): boolean {
    return this.#marked.has(storeName(key))
  }

  /** The store is gone, and its row with it. */
  forget(key: StoreKey): void {
    this.#marked.delete(storeName(key))
  }

  async takeDue(): Promise<boolean> {
    return false
  }

  async stop(): Promise<void> {
    // What is marked is found by the next start.
  }

  async forgetMissing(key: StoreKey): Promise<void> {
    this.#marked.delete(storeName(key))
    await this.#write(key, undefined)
  }

  async #insert(key: StoreKey, name: string): Promise<void> {
    await this.#clearing.get(name)?.catch(() => undefined) // reported by who clears
    await this.#storage.platform.insertInto('dirty').values({ tenant_id: key.tenantId, plugin_id: key.pluginId, due_at: 0 })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'plugin_id']).doUpdateSet({ due_at: 0 })).execute()
    this.#marked.add(name)
  }

  #write(key: StoreKey, dueAt: number | undefined): Promise<void> {
    this.#unwritten.push({ key, dueAt })
    return (this.#writing ??= new Promise<void>((resolve) => { setImmediate(resolve) }).then(() => this.#writeAll()))
  }

  #writeAll(): Promise<void> {
    const all = this.#unwritten
    this.#unwritten = []
    this.#writing = undefined
    return this.#storage.platformTransaction(async (tx) => {
      for (const { key, dueAt } of all) {
        if (dueAt === undefined) await tx.deleteFrom('dirty').where('tenant_id', '=', key.tenantId).where('plugin_id', '=', key.pluginId).execute()
        else await tx.updateTable('dirty').set({ due_at: dueAt }).where('tenant_id', '=', key.tenantId).where('plugin_id', '=', key.pluginId).execute()
      }
    })
  }
}
