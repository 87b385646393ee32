import { once } from 'node:events'
import { setPriority } from 'node:os'
import type { Socket } from 'node:net'
import { Transform, type Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as after } from 'node:timers/promises'
import { isProcessAlive } from '../../process-alive.ts'
import type { BoxedChild, BoxExit, BoxOptions, ExitReason } from './box.ts'
import type { ControlGroup } from './control-group.ts'
import { BESIDE_PLATFORM, givingWay, type Watch } from './giving-way.ts'
import type { LaunchedChild } from './launcher.ts'
import { proportionalSize, withDescendants } from './memory-use.ts'
import { watchMemory } from './memory-watch.ts'
import type { Wall } from './wall.ts'

/** What V8 writes when its heap is full; a plugin that writes it itself deceives only who reads why it ended. */
const HEAP_FULL = /^FATAL ERROR: .*(?:out of memory|OOM|[Aa]llocation failed)/m
/** How much of what it said last is looked at for that, in characters. */
const LAST_WORDS = 16_384
/** Bytes of its own output that are read as they come, within a second, and how long is waited between pieces of what is beyond, in milliseconds. */
const HEARD_AT_ONCE = 256 * 1_024
const BETWEEN_MS = 10
/** How long its last words may take to arrive once it is gone, in milliseconds. */
const LONGEST_LAST_WORDS_MS = 250
/** A group of the kernel is empty only once all in it are gone: how often it is tried, and how long between, in milliseconds. */
const REMOVALS = { most: 50, everyMs: 100 } as const

interface Surroundings {
  readonly options: Pick<BoxOptions, 'memoryMb' | 'signal'>
  readonly group: ControlGroup | undefined
  readonly walls: readonly Wall[]
}

/** A child that was spawned, and what belongs to it: its group, the watch on its memory, how it ends. */
export class BoxProcess implements BoxedChild {
  readonly channel: Socket
  readonly stderr: Readable
  readonly walls: readonly Wall[]
  readonly exited: Promise<BoxExit>
  readonly #child: LaunchedChild
  readonly #group: ControlGroup | undefined
  readonly #options: Surroundings['options']
  #pid: number
  #reason: ExitReason | undefined
  #isGone = false
  #lastWords = ''
  #endWatch: () => void = () => undefined
  #giving: Watch | undefined

  constructor(child: LaunchedChild, { options, group, walls }: Surroundings) {
    this.#child = child
    this.#pid = child.pid
    this.#group = group
    this.#options = options
    this.walls = walls
    this.channel = child.channel
    this.stderr = this.#listened(child.stderr)
    this.exited = this.#watchEnd()
    const { signal } = options
    if (signal !== undefined) {
      const abort = (): void => { this.kill() }
      signal.addEventListener('abort', abort, { once: true })
      void this.exited.then(() => { signal.removeEventListener('abort', abort) })
      if (signal.aborted) abort()
    }
  }

  get pid(): number {
    return this.#pid
  }

  /**
   * Sees the child off: puts it into its group, lowers its priority, lets it go on, and learns its process id.
   * @throws what was said when it did not come to that
   */
  async start(): Promise<void> {
    try {
      // Threads that it starts have it from the first.
      setPriority(this.#pid, BESIDE_PLATFORM)
      await this.#group?.add(this.#pid)
    } catch (error) {
      // Ended meanwhile, by itself or by whoever wants it no more: that is told as its end.
      if (!this.#isGone && isProcessAlive(this.#pid)) throw error
    }
    const pid = await this.#child.go()
    if (pid === undefined) throw new Error(await text(this.stderr))
    this.#pid = pid
    if (this.#isGone) return
    const giving = givingWay.watch(this.#pid, this.#group?.giveWay)
    this.#giving = giving
    this.#endWatch = giving.end
    if (this.#group === undefined) {
      const endMemory = watchMemory(this.#pid, this.#options.memoryMb, () => { this.#end('memory') })
      this.#endWatch = () => { endMemory(); giving.end() }
    }
  }

  loaded(): void {
    this.#giving?.loaded()
  }

  async memory(): Promise<number | undefined> {
    return this.#isGone ? undefined : proportionalSize(await withDescendants(this.#pid))
  }

  kill(): void {
    this.#end('killed')
  }

  #end(reason: ExitReason): void {
    if (this.#isGone) return
    this.#reason ??= reason
    this.#child.kill()
  }

  async #watchEnd(): Promise<BoxExit> {
    const { code, signal } = await this.#child.ended
    this.#isGone = true
    this.#endWatch()
    // Should what stood in front have been ended from outside.
    for (const pid of this.#group?.pids() ?? []) kill(pid)
    const said = this.#child.stderr
    if (!said.closed) await Promise.race([once(said, 'close').catch(() => undefined), after(LONGEST_LAST_WORDS_MS, undefined, { ref: false })])
    const why = this.#reason ?? (this.#ranOut() ? 'memory' : code !== 0 && this.channel.bytesRead === 0 ? 'failed-to-start' : 'ended')
    void this.#removeGroup()
    return { code, signal, why }
  }

  #ranOut(): boolean {
    return this.#group?.ranOut() === true || HEAP_FULL.test(this.#lastWords)
  }

  async #removeGroup(): Promise<void> {
    for (let tries = 0; this.#group?.remove() === false && tries < REMOVALS.most; tries += 1) await after(REMOVALS.everyMs, undefined, { ref: false })
  }

  #listened(stream: Readable): Readable {
    let [heard, since] = [0, performance.now()]
    const listened = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#lastWords = (this.#lastWords + chunk.toString('latin1')).slice(-LAST_WORDS)
        const now = performance.now()
        if (now - since > 1_000) [heard, since] = [0, now]
        heard += chunk.length
        if (heard <= HEARD_AT_ONCE) done(undefined, chunk)
        // What waits meanwhile is read in one piece, and whoever says it waits too.
        else setTimeout(done, BETWEEN_MS, undefined, chunk).unref()
      },
    })
    stream.on('error', () => { listened.end() })
    return stream.pipe(listened)
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
