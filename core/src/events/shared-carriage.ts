// Longer than others: every step by which a store goes from one node to another; apart, nobody could see that they fit.
import { sql, type Kysely } from 'kysely'
import type { Outside } from '../outside.ts'
import type { DatabaseAddress } from '../storage/postgres/database-address.ts'
import type { DatabaseSession } from '../storage/postgres/database-session.ts'
import { addWakeJob } from '../storage/postgres/wake-store.ts'
import type { StoreKey } from '../storage/storage.ts'
import { storeName } from '../storage/store-name.ts'
import type { StoreTables } from '../storage/store-tables.ts'
import type { Carriage, CarriageListener } from './carriage.ts'
import { describeError } from './describe-error.ts'
import { startWakeJobs, type WakeJobs } from './wake-jobs.ts'

/** How often a node looks for stores of nodes that are dead, and for those that nobody has taken up, in milliseconds. */
const SWEEP_MS = 2_000
/** What it is made from. */
export interface SharedCarriageOptions {
  readonly session: DatabaseSession
  readonly address: DatabaseAddress
  readonly outside: Outside
  readonly log: { warn(detail: object, message: string): void; debug(detail: object, message: string): void }
  /** How often it looks for what others left, in milliseconds. @defaultValue 2 000 */
  readonly sweepMs?: number
}

const TAKE_UP = `insert into liberacces.dirty as d (tenant_id, plugin_id, due_at, carrier) values ($1, $2, 0, $3)
  on conflict (tenant_id, plugin_id) do update set due_at = 0, carrier = excluded.carrier where d.carrier is null or d.carrier = excluded.carrier returning 1 as taken`
const IS_DEAD = (who: string): string => `not exists (select from pg_locks l where l.locktype = 'advisory' and l.objsubid = 1 and l.database = (select oid from pg_database where datname = current_database())
  and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended(${who}, 0))`
/** Stores of sessions that are no more: nobody's, and a job says so to all nodes. */
const FREE_DEAD = `with dead as materialized (select carrier from (select distinct carrier from liberacces.dirty where carrier is not null) c where ${IS_DEAD('carrier')}),
  freed as (update liberacces.dirty d set carrier = null, due_at = 0 from dead where d.carrier = dead.carrier returning d.tenant_id, d.plugin_id)
  select ${addWakeJob('tenant_id', 'plugin_id', `, job_key => 'freed ' || tenant_id || ' ' || plugin_id`)} is not null as told from freed`
/** Jobs that a node had locked which is no more. */
const UNLOCK_DEAD = `select liberacces_queue.force_unlock_workers(array(select locked_by from (select distinct locked_by from liberacces_queue.jobs where locked_by is not null) j where ${IS_DEAD('locked_by')}))`
/** Marks that are due and nobody's: their job is on its way, or was lost. */
const WAKE_DUE = `select ${addWakeJob('tenant_id', 'plugin_id', `, job_key => 'due ' || tenant_id || ' ' || plugin_id`)} is not null as told from liberacces.dirty where carrier is null and due_at <= $1`
const FIND_DUE = `select tenant_id, plugin_id from liberacces.dirty where carrier is null and due_at <= $1`
const HAND_OVER = `with left_over as (update liberacces.dirty set carrier = null, due_at = 0 where carrier = $1 returning tenant_id, plugin_id)
  select ${addWakeJob('tenant_id', 'plugin_id', `, job_key => 'left ' || tenant_id || ' ' || plugin_id`)} is not null as told from left_over`

/**
 * The carriage of one of several nodes on one PostgreSQL database. Each store is carried by one node, whose session stands in the store's mark.
 * A store that nobody carries is taken up by whichever node takes its job from the queue, and let go when it has been idle. What a node carried
 * that dies is freed by the others: that it is dead they see by the lock of its session, which ends with it.
 */
export class SharedCarriage implements Carriage {
  readonly #options: SharedCarriageOptions
  readonly #carried = new Map<string, StoreKey>()
  readonly #waking = new Set<Promise<void>>()
  readonly #taking = new Set<Promise<void>>()
  #begun = 0
  readonly #unlisten: () => void
  #listener: CarriageListener | undefined
  #jobs: WakeJobs | undefined
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(options: SharedCarriageOptions) {
    this.#options = options
    this.#unlisten = options.session.listen({
      lost: () => { this.#loseAll() },
      connected: () => { this.#connected() },
      heard: (payload) => { this.#heard(payload) },
    })
  }

  /** The session that carries; what it writes itself it need not be told of. */
  get here(): string | undefined {
    return this.#listener === undefined ? undefined : this.#options.session.id
  }

  async start(listener: CarriageListener): Promise<void> {
    const { address, log, session: { applicationName } } = this.#options
    this.#listener = listener
    this.#jobs = await startWakeJobs({ address, applicationName, log, wake: (key) => this.#noting(this.#takeUp(key)) })
    this.#connected()
  }

  beforeEvent(): undefined {
    // The database marks the store, in the transaction itself.
  }

  async mark({ tenantId, pluginId }: StoreKey): Promise<void> {
    await this.#run(`insert into liberacces.dirty (tenant_id, plugin_id, due_at) values ($1, $2, 0) on conflict do nothing`, [tenantId, pluginId])
  }

  isHere(key: StoreKey): boolean {
    return this.#carried.has(storeName(key))
  }

  wakeElsewhere({ tenantId, pluginId }: StoreKey): void {
    const waking = this.#run('select liberacces_internal.wake_store($1, $2, null)', [tenantId, pluginId])
      .then(() => undefined, (error: unknown) => { this.#tell('nobody could be told of what is to be delivered; it is found by its mark', error) })
      .finally(() => { this.#waking.delete(waking) })
    this.#waking.add(waking)
  }

  async confirm(tx: Kysely<StoreTables>, { tenantId, pluginId }: StoreKey): Promise<boolean> {
    const { id } = this.#options.session
    if (id === undefined) return false
    const { rows } = await sql`select 1 from liberacces.dirty where tenant_id = ${tenantId} and plugin_id = ${pluginId} and carrier = ${id}`.execute(tx)
    return rows.length > 0
  }

  async release(tx: Kysely<StoreTables>, key: StoreKey, dueAt: number | undefined): Promise<() => Promise<void>> {
    const { tenantId, pluginId } = key
    const mine = sql`tenant_id = ${tenantId} and plugin_id = ${pluginId} and carrier = ${this.#options.session.id ?? ''}`
    if (dueAt === undefined) {
      await sql`delete from liberacces.dirty where ${mine}`.execute(tx)
    } else {
      // From here on by the database's clock, which all nodes share; how long it is until then is known by ours.
      const seconds = Math.max(0, dueAt - this.#options.outside.now()) / 1_000
      await sql`with released as (update liberacces.dirty set carrier = null, due_at = ${dueAt} where ${mine} returning tenant_id, plugin_id)
        select ${sql.raw(addWakeJob('tenant_id', 'plugin_id', `, job_key => 'later ' || tenant_id || ' ' || plugin_id, run_at => now() + make_interval(secs => ${seconds})`))} is not null as told from released`.execute(tx)
    }
    return async () => {
      this.#carried.delete(storeName(key))
      this.#listener?.lost(key)
    }
  }

  isMarked(key: StoreKey): boolean {
    return this.isHere(key)
  }

  forget(key: StoreKey): void {
    this.#carried.delete(storeName(key))
  }

  async forgetMissing(key: StoreKey): Promise<void> {
    this.#carried.delete(storeName(key))
    await this.#run('delete from liberacces.dirty where tenant_id = $1 and plugin_id = $2', [key.tenantId, key.pluginId])
  }

  async takeDue(): Promise<boolean> {
    const [taking, begun] = [[...this.#taking], this.#begun]
    await Promise.allSettled([...taking, ...this.#waking])
    const due = await this.#run<{ tenant_id: string; plugin_id: string }>(FIND_DUE, [this.#options.outside.now()])
    for (const row of due) await this.#takeUp({ tenantId: row.tenant_id, pluginId: row.plugin_id })
    // What is being taken up by a job was not found, being no longer nobody's.
    return due.length > 0 || taking.length > 0 || this.#begun !== begun
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#jobs?.stop()
    await Promise.all(this.#waking)
    this.#unlisten()
    const { session } = this.#options
    // Where that fails, others find out that this session is no more.
    if (this.#jobs !== undefined && session.id !== undefined) await session.run(HAND_OVER, [session.id]).catch((error: unknown) => { this.#tell('what this node carried could not be handed over; others will notice', error) })
    this.#carried.clear()
  }

  async #takeUp(key: StoreKey): Promise<void> {
    const { session } = this.#options
    const { id } = session
    if (this.#isStopped) throw new Error('This node stops.')
    const taken = await this.#run(TAKE_UP, [key.tenantId, key.pluginId, id ?? ''])
    // Somebody else carries it, and was told or will look.
    if (taken.length === 0) return
    // Lost meanwhile: others will free it.
    if (session.id !== id) throw new Error('This node has lost its session.')
    this.#carried.set(storeName(key), key)
    this.#listener?.taken(key, 0, true)
  }

  #noting(taking: Promise<void>): Promise<void> {
    this.#begun += 1
    this.#taking.add(taking)
    return taking.finally(() => { this.#taking.delete(taking) })
  }

  #heard(payload: string): void {
    const [tenantId = '', pluginId = ''] = payload.split(' ')
    const key = this.#carried.get(storeName({ tenantId, pluginId }))
    if (key !== undefined) this.#listener?.taken(key, 0, true)
  }

  #loseAll(): void {
    const lost = [...this.#carried.values()]
    this.#carried.clear()
    for (const key of lost) this.#listener?.lost(key)
  }

  /** A session is there, a new one perhaps: those of the queue know this node by another name, which lives as long. */
  #connected(): void {
    if (this.#jobs === undefined || this.#isStopped) return
    this.#run('select pg_advisory_lock(hashtextextended($1, 0))', [this.#jobs.id]).catch((error: unknown) => { this.#tell('the queue may hold this node for dead, and have others do what it does', error) })
    void this.#sweep()
  }

  async #sweep(): Promise<void> {
    clearTimeout(this.#timer)
    try {
      await this.#run(FREE_DEAD)
      await this.#run(UNLOCK_DEAD)
      await this.#run(WAKE_DUE, [this.#options.outside.now()])
    } catch (error) {
      this.#tell('what others left could not be looked for', error)
    }
    if (this.#isStopped) return
    const { sweepMs = SWEEP_MS } = this.#options
    this.#timer = setTimeout(() => { void this.#sweep() }, sweepMs * (0.75 + Math.random() / 2)).unref()
  }

  #run<Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.#options.session.run<Row>(text, values)
  }

  #tell(message: string, error: unknown): void {
    this.#options.log.warn({ error: describeError(error) }, message)
  }
}
