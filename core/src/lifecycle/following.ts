import type { ChangedTenants } from '../nodes/reloadable.ts'
import { follow, type FollowOptions } from './follow.ts'
import { ForeignGates } from './foreign-gates.ts'
import type { Operation } from './journal.ts'
import { aboutKey, type LifecycleParts } from './lifecycle-parts.ts'

/** An operation that could not be brought to an end so often is left, and its plugin stays off there. */
const MOST_TRIES = 3

type Exclusively = <Result>(tenantId: string, change: () => Promise<Result>) => Promise<Result>

/** Keeps what runs here as the tables say, while other nodes change them, and finishes what they leave behind. */
export class Following {
  readonly #parts: LifecycleParts
  readonly #options: FollowOptions
  readonly #gates: ForeignGates
  /** Tenants that this process is changing. */
  readonly #held = new Set<string>()
  /** Those of them of which something was told meanwhile. */
  readonly #missed = new Set<string>()
  readonly #tries = new Map<string, number>()

  constructor(parts: LifecycleParts) {
    const { gates, peers, log, storage, drainMs, journal } = parts
    this.#parts = parts
    this.#gates = new ForeignGates({ gates, peers, log, storage, drainMs })
    this.#options = { gates: this.#gates, isOwn: (operation) => operation.node === peers.own && journal.began(operation), isHeld: (tenantId) => this.#held.has(tenantId) }
  }

  /** Runs a change of tenants whose locks are held. */
  async holding<Result>(tenantIds: readonly string[], change: () => Promise<Result>): Promise<Result> {
    const { peers, log } = this.#parts
    if (peers.own === undefined) return change()
    // A plan is made from memory.
    await peers.caughtUp()
    await follow(this.#parts, this.#options, new Set(tenantIds))
    for (const id of tenantIds) this.#held.add(id)
    try {
      return await change()
    } finally {
      for (const id of tenantIds) this.#held.delete(id)
      const missed = new Set(tenantIds.filter((id) => this.#missed.delete(id)))
      if (missed.size > 0) await this.reload(missed).catch((err: unknown) => { log.warn({ err }, 'what runs could not be looked up after a change; the next notice has it done') })
    }
  }

  /** Brings memory up to the tables. */
  async reload(changed: ChangedTenants): Promise<void> {
    for (const id of this.#held) if (changed?.has(id) ?? true) this.#missed.add(id)
    await follow(this.#parts, this.#options, changed)
  }

  /** Finishes or undoes operations that are this node's and that nobody is at. */
  async takeOver(exclusively: Exclusively, resumerOf: (operation: Operation) => ((operation: Operation) => Promise<void>) | undefined): Promise<void> {
    const { peers, journal, storage } = this.#parts
    await storage.sweepCopies()
    await peers.takeOver({ nobodys: false })
    const own = (await journal.open()).filter(({ node, tenantId }) => node === peers.own && !this.#held.has(tenantId))
    for (const { tenantId, pluginId, startedAt } of own) {
      await exclusively(tenantId, async () => {
        const operation = await journal.find(tenantId, pluginId)
        if (operation?.node === peers.own && operation?.startedAt === startedAt) await this.#finish(operation, resumerOf(operation))
      })
    }
  }

  async #finish(operation: Operation, resume: ((operation: Operation) => Promise<void>) | undefined): Promise<void> {
    const { active, journal, log, outside } = this.#parts
    const { tenantId, pluginId, kind } = operation
    const about = { ...aboutKey(operation), kind, phase: operation.phase }
    // What it moves still runs here, behind the gate that was shut for the node that died.
    if ((kind === 'upgrade' || kind === 'rollback') && active.modules(tenantId).byId.has(pluginId) && !await this.#gates.settled(operation)) return
    const key = `${tenantId}/${pluginId}/${operation.startedAt}`
    try {
      await resume?.(operation)
      await outside.reached?.('takeover:finished')
      this.#tries.delete(key)
    } catch (error) {
      const tries = (this.#tries.get(key) ?? 0) + 1
      this.#tries.set(key, tries)
      log.error({ ...about, tries, err: error }, 'an operation that another node left could be neither finished nor undone')
      if (tries < MOST_TRIES) return
      this.#tries.delete(key)
      active.remove(tenantId, pluginId)
      await journal.abandon(operation)
    }
  }
}
