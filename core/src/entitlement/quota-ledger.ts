import { sql } from 'kysely'
import type { Outside } from '../outside.ts'
import type { Storage } from '../storage/storage.ts'
import { parisDayAt, type ParisDay } from '../paris-day.ts'
import { dailyQuotaExceeded } from './quota-exceeded.ts'
import { QUOTA_KINDS, type DailyKind, type QuotaKind } from './quota-kind.ts'

/** At this share of a quota the administrator is warned. */
const WARNED_AT = 0.8
/** Below this share a warning is over, and comes again when it is reached again. */
const CALM_BELOW = 0.75

/** Which warning holds: none, that a quota is nearly used up, that it is used up. */
export type WarningLevel = 0 | 1 | 2

/** What a tenant uses of one kind. */
export interface QuotaUse {
  readonly kind: QuotaKind
  /** In the unit of the kind; seconds, not whole, for `cpu`. */
  readonly used: number
  /** `undefined` for no limit. */
  readonly limit: number | undefined
  readonly level: WarningLevel
}

/** A warning that administrators were not told of by mail. */
export interface UntoldWarning extends QuotaUse {
  readonly tenantId: string
}

interface Counter {
  readonly tenantId: string
  readonly kind: QuotaKind
  day: string
  /** Number, or microseconds for `cpu`; not used for storage. Of all nodes, as far as it is known here. */
  used: number
  /** How much of it was counted here and is not written yet. */
  unwritten: number
  warned: WarningLevel
  told: WarningLevel
  isChanged: boolean
}

interface Deps {
  readonly storage: Pick<Storage, 'platform' | 'platformTransaction'>
  readonly outside: Outside
  readonly quota: (tenantId: string, kind: QuotaKind) => number | undefined
  readonly exists: (tenantId: string) => boolean
  readonly log: { warn(detail: object, message: string): void }
}

/**
 * What tenants used today, counted in memory and written now and then: a process that is killed forgets the last minute at most. Taking
 * decides at once and synchronously, so that two that ask at the same time do not get the last one both. Several nodes add up what each has
 * counted: a quota can be passed by what others have counted since they last wrote.
 */
export class QuotaLedger {
  readonly #deps: Deps
  readonly #counters = new Map<string, Counter>()
  #changed = new Set<Counter>()
  #today: ParisDay | undefined
  #flushing: Promise<void> = Promise.resolve()

  private constructor(deps: Deps) {
    this.#deps = deps
  }

  /** Reads what was used today, and which warnings were given. */
  static async open(deps: Deps): Promise<QuotaLedger> {
    const ledger = new QuotaLedger(deps)
    const rows = await deps.storage.platform.selectFrom('quota_usage').selectAll().where('day', 'in', [ledger.#day().day, '']).execute()
    for (const { tenant_id: tenantId, kind, ...row } of rows) ledger.#counters.set(`${tenantId}/${kind}`, { tenantId, kind, ...row, unwritten: 0, isChanged: false })
    return ledger
  }

  /**
   * Counts what is about to be used. Taken back with {@link giveBack} when it was not.
   * @throws PlatformError `QUOTA_EXCEEDED`; nothing is counted then
   */
  take(tenantId: string, kind: DailyKind, amount: number): void {
    const counter = this.#counter(tenantId, kind)
    const limit = this.#deps.quota(tenantId, kind)
    if (limit !== undefined && counter.used + amount > limit) {
      this.#warn(counter, 2, limit)
      throw this.#exceeded(kind, limit)
    }
    this.#add(counter, amount, limit)
  }

  /** Counts what is used whether there is enough or not. */
  count(tenantId: string, kind: DailyKind, amount: number): void {
    this.#add(this.#counter(tenantId, kind), amount, this.#deps.quota(tenantId, kind))
  }

  /** What was taken was not used after all. */
  giveBack(tenantId: string, kind: DailyKind, amount: number): void {
    const counter = this.#counter(tenantId, kind)
    // Over midnight it was yesterday's.
    this.#add(counter, -Math.min(amount, counter.used), this.#deps.quota(tenantId, kind))
  }

  /** Whether computing time of this tenant is counted: only where there is a quota, since it costs something. */
  countsCpu(tenantId: string): boolean {
    return this.#deps.quota(tenantId, 'cpu') !== undefined
  }

  /** @throws PlatformError `QUOTA_EXCEEDED` once a tenant's computing time of today is used up */
  requireCpu(tenantId: string): void {
    const limit = this.#deps.quota(tenantId, 'cpu')
    if (limit === undefined) return
    const counter = this.#counter(tenantId, 'cpu')
    if (counter.used < limit * MICROSECONDS) return
    this.#warn(counter, 2, limit)
    throw this.#exceeded('cpu', limit)
  }

  /** Plugin code of a tenant has computed. @param microseconds - not whole */
  spendCpu(tenantId: string, microseconds: number): void {
    this.#add(this.#counter(tenantId, 'cpu'), microseconds, this.#deps.quota(tenantId, 'cpu'))
  }

  /** Storage is counted elsewhere; here is who was warned of it. @param bytes - that a tenant stores now */
  noteStorage(tenantId: string, bytes: number, limit: number): void {
    this.#weigh(this.#counter(tenantId, 'storage'), bytes, limit)
  }

  /** A tenant asked for more than there is room. */
  noteFull(tenantId: string, limit: number): void {
    this.#warn(this.#counter(tenantId, 'storage'), 2, limit)
  }

  /** What a tenant uses, in the order of {@link QUOTA_KINDS}. @param storedBytes - what it stores */
  useOf(tenantId: string, storedBytes: number): readonly QuotaUse[] {
    return QUOTA_KINDS.map((kind) => {
      const limit = this.#deps.quota(tenantId, kind)
      const used = kind === 'storage' ? storedBytes : this.#counter(tenantId, kind).used / (kind === 'cpu' ? MICROSECONDS : 1)
      return { kind, used, limit, level: levelOf(used, limit) }
    })
  }

  /** Which warnings hold for a tenant, without counting anything: what the counters know. */
  warnings(tenantId: string): readonly QuotaUse[] {
    return QUOTA_KINDS.flatMap((kind) => {
      const counter = this.#counters.get(`${tenantId}/${kind}`)
      const limit = this.#deps.quota(tenantId, kind)
      if (counter === undefined || limit === undefined || counter.warned === 0 || (kind !== 'storage' && counter.day !== this.#day().day)) return []
      return [{ kind, used: counter.used / (kind === 'cpu' ? MICROSECONDS : 1), limit, level: counter.warned }]
    })
  }

  /** Warnings of which administrators are still to be told. */
  untold(): readonly UntoldWarning[] {
    return [...this.#counters.values()].flatMap(({ tenantId, kind, warned, told, used }) => {
      const limit = warned > told ? this.#deps.quota(tenantId, kind) : undefined
      return limit === undefined ? [] : [{ tenantId, kind, used: used / (kind === 'cpu' ? MICROSECONDS : 1), limit, level: warned }]
    })
  }

  /** Administrators were told, or there is nobody to tell. */
  markTold({ tenantId, kind, level }: Pick<UntoldWarning, 'tenantId' | 'kind' | 'level'>): void {
    const counter = this.#counter(tenantId, kind)
    counter.told = level
    this.#touch(counter)
  }

  forget(tenantId: string): void {
    for (const kind of QUOTA_KINDS) {
      const counter = this.#counters.get(`${tenantId}/${kind}`)
      if (counter !== undefined) this.#changed.delete(counter)
      this.#counters.delete(`${tenantId}/${kind}`)
    }
  }

  /** Writes down what has changed. One that fails is tried again with the next. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write(), () => this.#write())
    return this.#flushing
  }

  /** Reads what other nodes have counted of tenants that have a quota, after {@link flush}. */
  async refresh(): Promise<void> {
    await this.flush()
    const limited = [...this.#counters.values()].filter(({ tenantId, kind }) => this.#deps.quota(tenantId, kind) !== undefined)
    const tenantIds = [...new Set(limited.map(({ tenantId }) => tenantId))]
    for (let first = 0; first < tenantIds.length; first += ROWS) {
      const rows = await this.#deps.storage.platform.selectFrom('quota_usage').selectAll().where('tenant_id', 'in', tenantIds.slice(first, first + ROWS)).execute()
      for (const { tenant_id: tenantId, kind, day, used, warned, told } of rows) {
        const counter = this.#counter(tenantId, kind)
        if (counter.day !== day) continue
        counter.used = used + counter.unwritten
        if (counter.isChanged) continue
        counter.warned = warned
        counter.told = told
      }
    }
  }

  async #write(): Promise<void> {
    const changed = [...this.#changed].filter(({ tenantId }) => this.#deps.exists(tenantId))
    this.#changed = new Set()
    for (const counter of changed) counter.isChanged = false
    if (changed.length === 0) return
    try {
      const written = await this.#deps.storage.platformTransaction(async (tx) => Promise.all(changed.map(async (counter) => {
        const { tenantId, kind, day, unwritten, warned, told } = counter
        const counted = Math.round(unwritten)
        const { used } = await tx.insertInto('quota_usage').values({ tenant_id: tenantId, kind, day, used: counted, warned, told })
          // What another node has written of the same day counts as well.
          .onConflict((conflict) => conflict.columns(['tenant_id', 'kind']).doUpdateSet({ day, warned, told, used: sql<number>`case when quota_usage.day = ${day} then quota_usage.used + ${counted} else ${counted} end` }))
          .returning('used').executeTakeFirstOrThrow()
        return { counter, day, counted, used }
      })))
      for (const { counter, day, counted, used } of written) {
        // Midnight may have passed meanwhile.
        if (counter.day !== day) continue
        counter.unwritten -= counted
        counter.used = used + counter.unwritten
      }
    } catch (error) {
      for (const counter of changed) this.#touch(counter)
      throw error
    }
  }

  #day(): ParisDay {
    const now = this.#deps.outside.now()
    if (this.#today === undefined || now >= this.#today.until) this.#today = parisDayAt(now)
    return this.#today
  }

  #counter(tenantId: string, kind: QuotaKind): Counter {
    const key = `${tenantId}/${kind}`
    const day = kind === 'storage' ? '' : this.#day().day
    let counter = this.#counters.get(key)
    if (counter === undefined) {
      counter = { tenantId, kind, day, used: 0, unwritten: 0, warned: 0, told: 0, isChanged: false }
      this.#counters.set(key, counter)
    } else if (counter.day !== day) {
      counter.day = day
      counter.used = counter.unwritten = counter.warned = counter.told = 0
    }
    return counter
  }

  #add(counter: Counter, amount: number, limit: number | undefined): void {
    counter.used += amount
    counter.unwritten += amount
    this.#touch(counter)
    if (limit !== undefined) this.#weigh(counter, counter.used / (counter.kind === 'cpu' ? MICROSECONDS : 1), limit)
  }

  #weigh(counter: Counter, used: number, limit: number): void {
    const level = levelOf(used, limit)
    if (level > counter.warned) this.#warn(counter, level, limit)
    else if (counter.warned > 0 && used < limit * CALM_BELOW) {
      counter.warned = counter.told = 0
      this.#touch(counter)
    }
  }

  /** Once: what was said is not said again. */
  #warn(counter: Counter, level: WarningLevel, limit: number): void {
    if (level <= counter.warned) return
    counter.warned = level
    this.#touch(counter)
    this.#deps.log.warn({ tenant: counter.tenantId, quota: counter.kind, limit }, level === 2 ? 'a tenant has used up a quota' : 'a tenant has used 80 % of a quota')
  }

  #touch(counter: Counter): void {
    if (counter.isChanged) return
    counter.isChanged = true
    this.#changed.add(counter)
  }

  #exceeded(kind: DailyKind, limit: number): Error {
    return dailyQuotaExceeded(kind, limit, Math.max(1, Math.ceil((this.#day().until - this.#deps.outside.now()) / 1_000)))
  }
}

const MICROSECONDS = 1_000_000
/** Tenants asked about at a time. */
const ROWS = 500

function levelOf(used: number, limit: number | undefined): WarningLevel {
  if (limit === undefined) return 0
  return used >= limit ? 2 : used >= limit * WARNED_AT ? 1 : 0
}
