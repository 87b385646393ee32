import type { Child } from '../child.ts'
import { SharedChild, type Occupant } from './shared-child.ts'

/** A plugin of a group, at one version. */
export interface GroupMember extends Occupant {
  /** Has it go on in another process, where it runs in one that `isLeft` says yes to; comes back once it does, and nothing is under way in the other. */
  move(isLeft: (child: Child) => boolean): Promise<void>
}

/** What a member does in its group. */
export interface Seat {
  readonly group: string
  /** Whether it runs in a process of its own, since the shared one ended while it was at work. */
  readonly isApart: boolean
  /** A child for it: its place in the shared process, or one of its own. */
  start(signal: AbortSignal): Promise<Child>
  /** It failed by its own doing: from now on it runs alone. */
  crashed(): void
  /** An operator lets it begin anew: it is taken back. */
  forgiven(): void
  /** It is not run any more. Comes back when what there was of it is gone. */
  left(): Promise<void>
}

interface GroupDeps {
  readonly name: string
  /** Starts the process that is shared. @param say - told of each line of its own output */
  readonly open: (signal: AbortSignal, say: (line: string) => void) => Promise<Child>
  readonly now: () => number
  readonly log: { info(detail: object, message: string): void; warn(detail: object, message: string): void }
}

/** Of a process that ended while nobody was at work, once is bad luck; twice within this time, and nobody shares one any more, in milliseconds. */
const BAD_LUCK_MS = 60 * 60 * 1_000
/** Who leaves is waited for so long, in case others do too, in milliseconds. */
const LEAVING_MS = 250

/**
 * Plugins that an operator lets share a process. Whoever was at work when it ended goes on alone, so that the next crash says who it was; the others
 * share the next one. Where one leaves, the rest moves to a new process, since code cannot be taken out of one.
 */
export class ProcessGroup {
  readonly #deps: GroupDeps
  readonly #members = new Set<GroupMember>()
  readonly #apart = new Set<GroupMember>()
  readonly #placeOf = new WeakMap<Child, SharedChild>()
  /** Every process of it that is not gone. */
  readonly #running = new Set<SharedChild>()
  readonly #aborting = new AbortController()
  #current: Promise<SharedChild> | undefined
  #badLuckAt: number | undefined
  #leaving: NodeJS.Timeout | undefined

  constructor(deps: GroupDeps) {
    this.#deps = deps
  }

  /** @param alone - starts a process for it alone */
  join(member: GroupMember, alone: (signal: AbortSignal) => Promise<Child>): Seat {
    this.#members.add(member)
    const group = this.#deps.name
    const isApart = (): boolean => this.#apart.has(member)
    return {
      group,
      get isApart() { return isApart() },
      start: (signal) => (isApart() ? alone(signal) : this.#enter(member, signal)),
      crashed: () => { this.#setApart([member]) },
      forgiven: () => { this.#apart.delete(member) },
      left: () => this.#left(member),
    }
  }

  async #enter(member: GroupMember, signal: AbortSignal): Promise<Child> {
    for (;;) {
      const shared = await (this.#current ??= this.#open())
      signal.throwIfAborted()
      if (shared.isOpen) {
        const child = shared.enter(member)
        this.#placeOf.set(child, shared)
        return child
      }
      await shared.exited
    }
  }

  #open(): Promise<SharedChild> {
    let shared: SharedChild | undefined
    const { name, log } = this.#deps
    const opening = this.#deps.open(this.#aborting.signal, (line) => { shared?.said(line) }).then((child) => {
      const opened = shared = new SharedChild(child, {
        crashed: (why, suspects, isStale) => { this.#crashed(why, suspects, isStale) },
        left: () => { void this.#retire(opened) },
      })
      this.#running.add(opened)
      log.info({ group: name, pid: child.pid }, 'a process that plugins share was started')
      void child.exited.then(() => {
        this.#running.delete(opened)
        this.#forget(opening)
      })
      return opened
    })
    opening.catch(() => { this.#forget(opening) })
    return opening
  }

  #forget(opening: Promise<SharedChild>): void {
    if (this.#current === opening) this.#current = undefined
  }

  #crashed(why: string, suspects: readonly Occupant[], isStale: boolean): void {
    const { name, log, now } = this.#deps
    const known = [...this.#members].filter((member) => suspects.includes(member))
    log.warn({ group: name, why, atWork: suspects.map((one) => one.name) }, 'a process that plugins share came to its end')
    if (known.length > 0) return this.#setApart(known)
    if (isStale) return
    const isAgain = this.#badLuckAt !== undefined && now() - this.#badLuckAt < BAD_LUCK_MS
    this.#badLuckAt = now()
    if (isAgain) this.#setApart([...this.#members])
  }

  #setApart(members: readonly GroupMember[]): void {
    const fresh = members.filter((member) => this.#members.has(member) && !this.#apart.has(member))
    for (const member of fresh) this.#apart.add(member)
    if (fresh.length > 0) this.#deps.log.warn({ group: this.#deps.name, plugins: fresh.map(({ name }) => name) }, 'plugins run in processes of their own from now on, since the one that they shared ended while they were at work; the page /etat of the Pool, or a restart of the platform, brings them back')
  }

  async #left(member: GroupMember): Promise<void> {
    this.#members.delete(member)
    this.#apart.delete(member)
    clearTimeout(this.#leaving)
    if (this.#members.size === 0) return this.#close()
    this.#leaving = setTimeout(() => { void this.#retireCurrent() }, LEAVING_MS)
    this.#leaving.unref()
  }

  async #retireCurrent(): Promise<void> {
    const shared = await this.#current?.catch(() => undefined)
    if (shared?.isStale === true) await this.#retire(shared)
  }

  /** All who are in a process go on in another one; then it is ended. */
  async #retire(shared: SharedChild): Promise<void> {
    const current = this.#current
    if (current === undefined || await current.catch(() => undefined) !== shared || this.#current !== current) return
    this.#current = undefined
    await Promise.allSettled([...this.#members].map((member) => member.move((child) => this.#placeOf.get(child) === shared)))
    shared.kill()
  }

  async #close(): Promise<void> {
    // Nobody is left who could be waiting for it.
    const opening = await this.#current?.catch(() => undefined)
    if (this.#members.size > 0) return
    const all = new Set([...this.#running, ...(opening === undefined ? [] : [opening])])
    for (const shared of all) shared.kill()
    await Promise.all([...all].map(({ exited }) => exited))
  }
}
