import type { Duplex } from 'node:stream'
import { Lane, type LanePort } from './lane.ts'

/** Lane (32 bits, big-endian), kind (8 bits), and a number of bytes (32 bits): that follow, or that there is room for. */
const HEAD = 9
const DATA = 0
const CREDIT = 1
const END = 2
/** A new lane, by the next number: its first word may come after that of a later one. */
const OPEN = 3

interface LanesEars {
  /** The other side opened a lane. Left out where it may not. */
  readonly opened?: (lane: Duplex) => void
  /** Told once, before the lanes that are still open close. @param fault - what of the rules the other side broke; `undefined`: the stream is over */
  readonly ended: (fault: string | undefined) => void
}

/**
 * Several streams over one. Which plugin says something is told by the lane it is said on, so that each has a border of its own. A side that breaks the
 * rules, or sends more than there is room for, ends them all.
 */
export class Lanes implements LanePort {
  readonly #stream: Duplex
  readonly #ears: LanesEars
  readonly #lanes = new Map<number, Lane>()
  /** Highest number that was ever open: what comes for one at or below it, and is none any more, was sent before its end was known. */
  #last = 0
  #head = Buffer.alloc(HEAD)
  #headLength = 0
  /** What is still to come of the bytes of a lane. */
  #left = 0
  #lane = 0
  #isOver = false
  #isCorked = false

  constructor(stream: Duplex, ears: LanesEars) {
    this.#stream = stream
    this.#ears = ears
    stream.on('data', (bytes: Buffer) => {
      if (!this.#isOver && !this.#take(bytes)) this.#end('its lanes were not to be told apart, or took more than there was room for')
    })
    stream.on('end', () => { this.#end(undefined) })
    stream.on('close', () => { this.#end(undefined) })
    stream.on('error', () => { this.#end(undefined) })
  }

  /** Opens a lane. */
  open(): Duplex {
    const lane = new Lane(this.#last + 1, this)
    this.#last = lane.id
    if (this.#isOver) lane.destroy()
    else {
      this.#lanes.set(lane.id, lane)
      this.#write(lane.id, OPEN, 0)
    }
    return lane
  }

  data(lane: number, bytes: Buffer, sent: (error?: Error | null) => void): void {
    this.#write(lane, DATA, bytes.length)
    this.#stream.write(bytes, sent)
  }

  credit(lane: number, bytes: number): void {
    this.#write(lane, CREDIT, bytes)
  }

  end(lane: number): void {
    if (!this.#isOver) this.#write(lane, END, 0)
  }

  gone(lane: number): void {
    this.#lanes.delete(lane)
  }

  #write(lane: number, kind: number, bytes: number): void {
    // All of a turn leaves in one write.
    if (!this.#isCorked) {
      this.#isCorked = true
      this.#stream.cork()
      process.nextTick(() => {
        this.#isCorked = false
        this.#stream.uncork()
      })
    }
    const head = Buffer.allocUnsafe(HEAD)
    head.writeUInt32BE(lane, 0)
    head.writeUInt8(kind, 4)
    head.writeUInt32BE(bytes, 5)
    this.#stream.write(head)
  }

  /** @returns whether it keeps to the rules */
  #take(bytes: Buffer): boolean {
    let at = 0
    while (at < bytes.length) {
      if (this.#left > 0) {
        const piece = bytes.subarray(at, at + this.#left)
        at += piece.length
        this.#left -= piece.length
        if (this.#lanes.get(this.#lane)?.receive(piece) === false) return false
      } else {
        const copied = bytes.copy(this.#head, this.#headLength, at)
        at += copied
        this.#headLength += copied
        if (this.#headLength < HEAD) return true
        this.#headLength = 0
        if (!this.#heard(this.#head.readUInt32BE(0), this.#head.readUInt8(4), this.#head.readUInt32BE(5))) return false
        if (this.#isOver) return true
      }
    }
    return true
  }

  #heard(id: number, kind: number, bytes: number): boolean {
    if (kind === OPEN) return this.#begin(id)
    if (id > this.#last) return false
    const lane = this.#lanes.get(id)
    switch (kind) {
      case DATA:
        this.#lane = id
        this.#left = bytes
        return true
      case CREDIT:
        lane?.granted(bytes)
        return true
      case END:
        lane?.push(null)
        return true
      default: return false
    }
  }

  #begin(id: number): boolean {
    if (this.#ears.opened === undefined || id !== this.#last + 1) return false
    const lane = new Lane(id, this)
    this.#last = id
    this.#lanes.set(id, lane)
    this.#ears.opened(lane)
    return true
  }

  #end(fault: string | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#ears.ended(fault)
    for (const lane of this.#lanes.values()) lane.destroy()
    if (fault !== undefined) this.#stream.destroy()
  }
}
