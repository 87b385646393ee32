import type { Duplex } from 'node:stream'
import type { AtWork, Blame, Child, SharedPlace } from '../child.ts'
import { Lanes } from './lanes.ts'

/** A plugin in a shared process. */
export interface Occupant {
  /** `<id> <version>`, for people. */
  readonly name: string
  /** The name of its code in stack traces. */
  readonly file: () => string | undefined
}

/** What a process that several plugins share tells. */
interface SharedEars {
  /** It came to its end without having been asked to. @param suspects - who was at work then, or whose code stands in what it said last */
  readonly crashed: (why: string, suspects: readonly Occupant[], isStale: boolean) => void
  /** A plugin in it was ended, and its code is still there. */
  readonly left: () => void
}

/** Lines of its output that are looked through for whose code it ended in. */
const LAST_LINES = 60

/** One process that several plugins run in, each on a lane of its own. */
export class SharedChild {
  readonly #child: Child
  readonly #ears: SharedEars
  readonly #lanes: Lanes
  readonly #places = new Set<Place>()
  #lastLines: readonly string[] = []
  #isKilled = false
  #isStale = false
  #isOver = false
  #isSettled = false
  #why: string | undefined

  constructor(child: Child, ears: SharedEars) {
    this.#child = child
    this.#ears = ears
    this.#lanes = new Lanes(child.channel, { ended: (fault) => {
      this.#over()
      if (fault === undefined) return
      this.#why ??= `broke the rules: ${fault}`
      child.kill()
    } })
    void child.exited.then(() => {
      this.#over()
      void this.#settle()
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get exited(): Promise<string> {
    return this.#child.exited
  }

  /** Whether it can take one more in. */
  get isOpen(): boolean {
    return !this.#isOver && !this.#isKilled
  }

  /** Whether code of somebody is in it who is not there any more. */
  get isStale(): boolean {
    return this.#isStale
  }

  /** It wrote a line to its own output. */
  said(line: string): void {
    this.#lastLines = [...this.#lastLines, line].slice(-LAST_LINES)
  }

  /** A plugin moves in, while it {@link isOpen}. */
  enter(occupant: Occupant): Child {
    const place: Place = new Place(occupant, this.#lanes.open(), {
      child: this.#child, isOver: () => this.#isOver,
      ended: (isKilled) => {
        this.#isStale = true
        this.#places.delete(place)
        if (isKilled && !this.#isKilled && !this.#isOver) this.#ears.left()
      },
      hangs: (why) => {
        if (this.#isOver) return
        this.#why ??= why
        this.#over()
        this.#child.kill()
      },
    })
    this.#places.add(place)
    return place
  }

  /** All who were in it are elsewhere, or are no more. */
  kill(): void {
    this.#isKilled = true
    this.#child.kill()
  }

  /** The first sign of its end: what each is at is known now, and not any more once its calls have failed. */
  #over(): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const place of this.#places) place.note()
  }

  /** It is gone, and has said its last. */
  async #settle(): Promise<void> {
    if (this.#isSettled) return
    this.#isSettled = true
    const why = this.#why ?? await this.#child.exited
    const places = [...this.#places]
    const suspects = this.#isKilled ? [] : suspectsOf(places, this.#lastLines, this.#isStale)
    if (!this.#isKilled) this.#ears.crashed(why, suspects.map(({ occupant }) => occupant), this.#isStale)
    const text = suspects.length === 0 ? why : `${why}; at work in it: ${suspects.map(({ occupant: { name } }) => name).join(', ')}`
    // Where nobody was at work it may have been anybody.
    const others = suspects.length === 0 && !this.#isStale ? 'unsure' : 'none'
    for (const place of places) place.over(text, suspects.includes(place) ? suspects.length === 1 ? 'own' : 'unsure' : others)
  }
}

/** @param isStale - somebody's code is there who may have done it, and is not among the places any more */
function suspectsOf(places: readonly Place[], lines: readonly string[], isStale: boolean): readonly Place[] {
  // An exception that nobody caught says in whose code it was.
  const inCode = places.filter(({ occupant }) => {
    const file = occupant.file()
    return file !== undefined && lines.some((line) => line.includes(`${file}:`))
  })
  if (inCode.length > 0 || isStale) return inCode
  const computing = places.filter(({ wasAt }) => wasAt === 'computing')
  return computing.length > 0 ? computing : places.filter(({ wasAt }) => wasAt === 'waiting')
}

interface PlacePorts {
  readonly child: Child
  readonly isOver: () => boolean
  readonly ended: (isKilled: boolean) => void
  readonly hangs: (why: string) => void
}

/** What one plugin has of a shared process. */
class Place implements Child, SharedPlace {
  readonly occupant: Occupant
  readonly channel: Duplex
  readonly exited: Promise<string>
  readonly #ports: PlacePorts
  readonly #exit = Promise.withResolvers<string>()
  #atWork: () => AtWork = () => 'idle'
  wasAt: AtWork = 'idle'
  blame: Blame = 'own'

  constructor(occupant: Occupant, lane: Duplex, ports: PlacePorts) {
    this.occupant = occupant
    this.channel = lane
    this.#ports = ports
    this.exited = this.#exit.promise
    lane.on('error', () => undefined)
    lane.on('close', () => {
      // Where the process is at its end, that says why.
      if (ports.isOver()) return
      this.#exit.resolve('ended by itself')
      ports.ended(false)
    })
  }

  get pid(): number | undefined { return this.#ports.child.pid }
  get walls(): Child['walls'] { return this.#ports.child.walls }
  get shared(): SharedPlace { return this }

  /** Of the whole process. */
  memory(): Promise<number | undefined> {
    return this.#ports.child.memory()
  }

  /** The process has begun its work with the first of them. */
  loaded(): void {
    this.#ports.child.loaded?.()
  }

  kill(): void {
    this.#exit.resolve('killed by the platform')
    this.#ports.ended(true)
    this.channel.destroy()
  }

  watch(atWork: () => AtWork): void {
    this.#atWork = atWork
  }

  hangs(why: string): void {
    this.#ports.hangs(why)
  }

  /** Notes what it is at. */
  note(): void {
    this.wasAt = this.#atWork()
  }

  over(why: string, blame: Blame): void {
    this.blame = blame
    this.#exit.resolve(why)
  }
}
