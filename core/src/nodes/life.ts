// Longer than others: how a node says that it lives, sees the others and finds out that it was given up is one protocol over one connection.
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { PlatformError } from '../errors.ts'
import { isProcessAlive } from '../process-alive.ts'
import { NOTICE_CHANNEL } from '../storage/change-notices.ts'
import type { NodeInfo } from './node.ts'
import { readWork, type NodeWork } from './node-work.ts'
import type { NodeConnection, NodeConnectionEvents } from './node-connection.ts'
import { WatchedNodes, type Sight } from './watched-nodes.ts'

/** Times of a node's life, in milliseconds. */
export interface LifeTimes {
  /** How often it says that it lives, and looks at the others. */
  readonly beatMs: number
  /** See {@link Patience}. */
  readonly goneMs: number
  readonly silentMs: number
  /** For so long after it last said so it takes for granted that the others know it lives. Shorter than their patience. */
  readonly sureMs: number
}

/** What is right for nodes of one site. */
const LIFE_TIMES: LifeTimes = { beatMs: 1_000, goneMs: 2_500, silentMs: 3_500, sureMs: 2_000 }

/** What a life is made from. */
export interface LifeOptions {
  readonly id: string
  readonly version: string
  /** What must be the same on all nodes, by the variable that decides it: a digest, and after a space what may be shown of it. */
  readonly marks: Readonly<Record<string, string>>
  /** What to do about a variable that is not the same. @defaultValue to give the same to all */
  readonly advice?: Readonly<Record<string, string>>
  /** What it is at, told with every sign of life. @defaultValue nothing */
  readonly work?: () => NodeWork
  readonly connect: (name: string, events: NodeConnectionEvents) => Promise<NodeConnection>
  /** The machine's own clock, in milliseconds since the Unix epoch. */
  readonly clock: () => number
  readonly random: (length: number) => Uint8Array
  readonly log: { info(detail: object, message: string): void; warn(detail: object, message: string): void }
  readonly times?: LifeTimes
  /** A notice came. */
  readonly heard: (payload: string) => void
  /** It hears. @param isAgain - it did not for a while */
  readonly connected: (isAgain: boolean) => void
  readonly lost: () => void
  /** Others were found dead. */
  readonly buried: (ids: readonly string[]) => void
}

/** First of the two numbers of our locks of nodes. */
const LOCK_CLASS = 0x1be_0de
/** The database's clock, in milliseconds since the Unix epoch. */
const DB_NOW = `floor(extract(epoch from clock_timestamp()) * 1000)::bigint`
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1_000
/** Longest wait for the life to be sure again, in milliseconds. */
const UNSURE_MS = 5_000
/** In which the database notices, twenty times over, that a connection's other end is gone, in milliseconds. */
const ENDING_MS = 50
/** A clock that is further off is told, in milliseconds. */
const MOST_SKEW_MS = 2_000

/** How a node's connections are named in the database. */
export function connectionName(nodeId: string): string {
  return `liberacces ${nodeId}`
}

/**
 * The life of one of several nodes: it says each second that it lives, watches the others, and buries the dead. One that cannot say so
 * lets nobody into plugins any more before the others may hold it for dead; when it can again, it goes on.
 */
export class Life {
  readonly id: string
  readonly #options: LifeOptions
  readonly #times: LifeTimes
  readonly #watched: WatchedNodes
  #connection: NodeConnection | undefined
  #port: number | undefined
  #address: string | undefined
  #skewMs = 0
  /** When it last said that it lives, by the machine's own stopwatch. */
  #saidAt = -Infinity
  #sure = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout | undefined
  #wasConnected = false
  #toldSkew = false
  #isClosed = false
  #beating: Promise<void> = Promise.resolve()

  private constructor(options: LifeOptions) {
    this.id = options.id
    this.#options = options
    this.#times = options.times ?? LIFE_TIMES
    this.#watched = new WatchedNodes(this.#times)
  }

  /** Begins: takes its place among the nodes, and hears. Rejects when the database cannot be reached. */
  static async begin(options: LifeOptions): Promise<Life> {
    const life = new Life(options)
    await life.#connect()
    try {
      await life.#requireAlike()
      // What ran on this machine and is seen to be gone is dead at once: a server that starts again after it was killed finishes its own work before it serves.
      for (let look = 0; await life.#look() && look < 20; look += 1) await pause(ENDING_MS)
    } catch (error) {
      await life.end()
      throw error
    }
    life.#next(life.#times.beatMs)
    return life
  }

  /** Whether the others can be taken to know that it lives. */
  get isSure(): boolean {
    return performance.now() - this.#saidAt < this.#times.sureMs
  }

  /** How far the machine's clock is ahead of the database's, in milliseconds. */
  get skewMs(): number {
    return this.#skewMs
  }

  /** Resolves once the others know that it lives. @throws PlatformError `UNAVAILABLE` when that takes too long */
  async sure(): Promise<void> {
    if (this.isSure) return
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      reject(new PlatformError('UNAVAILABLE', 'This node has lost its connection to the database.', { fix: 'Another node can answer; try again in a moment.', retryAfterSeconds: 2 }))
    }, UNSURE_MS)
    try {
      await Promise.race([this.#sure.promise, late])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Has a text come back as a notice, behind all that was committed before. */
  async echo(text: string): Promise<void> {
    await this.#required().run('select pg_notify($1, $2)', [NOTICE_CHANNEL, text])
  }

  /** It answers at a port now, or no more. @param address - host and port under which others find it */
  async serve(port: number | undefined, address?: string): Promise<void> {
    this.#port = port
    this.#address = address
    await this.#beat()
  }

  /** All nodes, the oldest first. */
  async nodes(): Promise<readonly NodeInfo[]> {
    const rows = await this.#required().run<{ id: string; host: string; pid: number; version: string; port: number | null; address: string | null; work: string; started: number; silent: number; skew: number }>(
      `select id, host, pid::int as pid, version, port::int as port, address, work_json as work, started_at::float8 as started, (${DB_NOW} - beat_at)::float8 as silent, skew_ms::float8 as skew from liberacces.node order by started_at, id`)
    return rows.map((row) => ({
      id: row.id, host: row.host, pid: row.pid, version: row.version, port: row.port ?? undefined, address: row.address ?? undefined, work: readWork(row.work), startedAt: row.started, silentMs: Math.max(0, row.silent), skewMs: row.skew, isThis: row.id === this.id,
    }))
  }

  /** Ends: it leaves the others, who need not hold it for dead. */
  async end(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#beating.catch(() => undefined) // it was told
    const connection = this.#connection
    if (connection === undefined) return
    await connection.run('delete from liberacces.node where id = $1', [this.id]).catch((err: unknown) => { this.#options.log.warn({ err }, 'the node could not say that it leaves; the others will notice') })
    await connection.close()
  }

  #required(): NodeConnection {
    if (this.#connection === undefined || this.#connection.isOver) throw new PlatformError('UNAVAILABLE', 'This node has lost its connection to the database.', { fix: 'Try again in a moment.', retryAfterSeconds: 2 })
    return this.#connection
  }

  async #connect(): Promise<void> {
    const { connect, heard, random } = this.#options
    let own: NodeConnection | undefined
    const connection = own = await connect(connectionName(this.id), { heard, lost: () => { this.#lost(own) } })
    try {
      // Another each time: the connection before may hold the old one until the database notices that it is gone.
      const key = Buffer.from(random(4)).readUInt32BE() & 0x7fff_ffff
      await connection.run(`listen ${NOTICE_CHANNEL}`)
      await connection.run('select pg_advisory_lock($1, $2)', [LOCK_CLASS, key])
      await this.#enrol(connection, key)
    } catch (error) {
      await connection.close()
      throw error
    }
    this.#connection = connection
    const isAgain = this.#wasConnected
    this.#wasConnected = true
    this.#watched.lookedAway()
    if (isAgain) this.#options.log.info({}, 'the connection to the database is there again')
    this.#options.connected(isAgain)
  }

  async #enrol(connection: NodeConnection, key: number): Promise<void> {
    const sentAt = performance.now()
    const { version, clock } = this.#options
    const before = clock()
    const [row] = await connection.run<{ now: number }>(
      `insert into liberacces.node as own (id, started_at, beat_at, lock_key, host, pid, version, port, skew_ms, marks_json) values ($1, ${DB_NOW}, ${DB_NOW}, $2, $3, $4, $5, $6, $7, $8)
        on conflict (id) do update set beat_at = greatest(own.beat_at + 1, excluded.beat_at), lock_key = excluded.lock_key, port = excluded.port returning (${DB_NOW})::float8 as now`,
      [this.id, key, hostname(), process.pid, version, this.#port ?? null, Math.round(this.#skewMs), JSON.stringify(this.#options.marks)])
    this.#said(sentAt, (before + clock()) / 2, row?.now)
  }

  /** @throws PlatformError `CONFIG_INVALID` when another node that lives was told something else */
  async #requireAlike(): Promise<void> {
    const { marks, advice } = this.#options
    /** One that is killed is among them for a while: whoever was told something else must be seen to live. */
    const seen = new Map<string, number>()
    for (;;) {
      const others = await this.#required().run<{ id: string; beat: number; host: string; pid: number; marks: string }>(
        `select id, beat_at::float8 as beat, host, pid::int as pid, marks_json as marks from liberacces.node where id <> $1 and ${DB_NOW} - beat_at < $2`, [this.id, this.#times.silentMs])
      const strange = others.flatMap(({ marks: text, ...other }) => {
        const theirs = JSON.parse(text) as Readonly<Record<string, string>>
        const variable = Object.keys(marks).find((name) => theirs[name] !== undefined && theirs[name] !== marks[name])
        return variable === undefined ? [] : [{ ...other, variable, theirs: shownOf(theirs[variable]), own: shownOf(marks[variable]) }]
      })
      if (strange.length === 0) return
      const alive = strange.find(({ id, beat }) => seen.has(id) && seen.get(id) !== beat)
      if (alive !== undefined) {
        const { variable, host, pid, theirs, own } = alive
        const both = theirs === '' && own === '' ? '' : `: ${theirs} there, ${own} here`
        throw new PlatformError('CONFIG_INVALID', `${variable}: it is not what ${host} (process ${pid}) was told, which runs on the same database${both}.`, { fix: advice?.[variable] ?? 'Give the same to all nodes, then start this one again.' })
      }
      for (const { id, beat } of strange) seen.set(id, beat)
      await pause(this.#times.beatMs / 4)
      // The others must not take it for dead meanwhile.
      await this.#beat()
    }
  }

  #said(sentAt: number, localNow: number, databaseNow: number | undefined): void {
    this.#saidAt = sentAt
    this.#sure.resolve()
    this.#sure = Promise.withResolvers<void>()
    if (databaseNow !== undefined) this.#skewMs = localNow - databaseNow
    const isFarOff = Math.abs(this.#skewMs) > MOST_SKEW_MS
    if (isFarOff && !this.#toldSkew) this.#options.log.warn({ skewMs: Math.round(this.#skewMs) }, 'the clock of this machine is not that of the database; set both by NTP')
    this.#toldSkew = isFarOff
  }

  #lost(connection: NodeConnection | undefined): void {
    // One that never came to be used is told to whoever waited for it.
    if (connection === undefined || this.#connection !== connection || this.#isClosed) return
    this.#connection = undefined
    this.#options.log.warn({}, 'the connection to the database is lost: this node does not hear what others change, and says so')
    this.#options.lost()
    clearTimeout(this.#timer)
    this.#next(FIRST_PAUSE_MS)
  }

  #next(afterMs: number, pauseMs = FIRST_PAUSE_MS): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => {
      this.#beating = this.#turn(pauseMs)
    }, afterMs)
    this.#timer.unref()
  }

  async #turn(pauseMs: number): Promise<void> {
    if (this.#connection === undefined) {
      try {
        await this.#connect()
      } catch (err) {
        const longer = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
        if (pauseMs < longer) this.#options.log.warn({ err }, 'the database cannot be reached; it is tried again and again')
        this.#next(longer, longer)
        return
      }
    } else {
      try {
        await this.#beat()
        await this.#look()
      } catch (err) {
        // A connection that is lost says so itself.
        if (this.#connection !== undefined) this.#options.log.warn({ err }, 'this node could not say that it lives')
      }
    }
    if (this.#connection !== undefined) this.#next(this.#times.beatMs)
  }

  async #beat(): Promise<void> {
    const connection = this.#required()
    const sentAt = performance.now()
    const before = this.#options.clock()
    const [row] = await connection.run<{ now: number }>(
      `update liberacces.node set beat_at = greatest(beat_at + 1, ${DB_NOW}), port = $2, skew_ms = $3, address = $4, work_json = $5 where id = $1 returning (${DB_NOW})::float8 as now`,
      [this.id, this.#port ?? null, Math.round(this.#skewMs), this.#address ?? null, JSON.stringify(this.#options.work?.() ?? {})])
    if (row !== undefined) {
      this.#said(sentAt, (before + this.#options.clock()) / 2, row.now)
      return
    }
    // Held for dead: what was its own is others' now, and it begins anew.
    this.#options.log.warn({}, 'this node was held for dead by the others, and joins them again')
    this.#options.lost()
    await connection.close()
    this.#connection = undefined
    await this.#connect()
  }

  /** @returns whether there is one whose process is gone, and that the database has not noticed yet */
  async #look(): Promise<boolean> {
    const connection = this.#required()
    const rows = await connection.run<{ id: string; beat: number; host: string; pid: number; locked: boolean }>(
      `select id, beat_at::float8 as beat, host, pid::int as pid, exists (select from pg_locks where locktype = 'advisory' and classid = $2 and objid::bigint = other.lock_key and objsubid = 2 and pid <> pg_backend_pid()
        and database = (select oid from pg_database where datname = current_database())) as locked from liberacces.node other where id <> $1`, [this.id, LOCK_CLASS])
    const sights = rows.map((row): Sight => ({ id: row.id, beat: row.beat, isLocked: row.locked, isGone: row.host === hostname() && !isProcessAlive(row.pid) }))
    const buried: string[] = []
    for (const sight of this.#watched.look(sights, performance.now())) if (await this.#bury(connection, sight)) buried.push(sight.id)
    if (buried.length > 0) this.#options.buried(buried)
    return sights.some(({ isGone, isLocked }) => isGone && isLocked)
  }

  /** Takes a dead node from the list, and ends what it may still have under way in the database. */
  async #bury(connection: NodeConnection, { id, beat }: Sight): Promise<boolean> {
    const [gone] = await connection.run<{ id: string }>('delete from liberacces.node where id = $1 and beat_at = $2 returning id', [id, beat])
    if (gone === undefined) return false
    this.#options.log.warn({ node: id }, 'another node is held for dead: it says nothing any more')
    await connection.run(endConnections(id))
    // After its connections, which may hold the row. When it was only cut off, it finds that its waves have ended.
    await connection.run('update liberacces.wave set run_by = null where run_by = $1', [id])
    return true
  }
}

/** What may be shown of a mark. */
function shownOf(mark = ''): string {
  return mark.includes(' ') ? mark.slice(mark.indexOf(' ') + 1) : ''
}

/** Ends connections of a node, those of roles of plugins too: it may hang in the middle of a transaction, and wake up. */
function endConnections(id: string): string {
  const name = connectionName(id).replaceAll(/[^a-z0-9 -]/g, '')
  return `do $$ declare one record; begin
    for one in select pid, usename from pg_stat_activity where application_name = '${name}' and pid <> pg_backend_pid() loop
      begin
        perform pg_terminate_backend(one.pid);
      exception when insufficient_privilege then
        begin
          execute format('grant %I to current_user', one.usename);
          perform pg_terminate_backend(one.pid);
        exception when others then
          raise warning 'a connection of a node that is held for dead could not be ended: %', sqlerrm;
        end;
      end;
    end loop;
  end $$`
}
