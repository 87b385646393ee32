import { Duplex } from 'node:stream'
import { hear, MOST_HEARD, type Kept } from './hear.ts'
import type { Answer, Partner } from './partner-description.ts'
import { say } from './say.ts'

/** Most bytes that a partner says in one conversation: a plugin that asks without end is hung up on. */
const MOST_SAID = 16_777_216
/** Bytes of what no answer is described for that are shown. */
const SHOWN = 60

/** What a conversation needs of whoever holds it. */
export interface ConversationPorts {
  canary(): string
  /** Told that bytes went, either way. */
  moved(): void
  /** Told why the partner hung up where its description does not have it do so. */
  strayed(why: string): void
}

/** A connection to a partner that is played from its description: what the plugin's side reads and writes is this stream, and no socket is behind it. */
export class Conversation extends Duplex {
  readonly #partner: Partner
  readonly #ports: ConversationPorts
  readonly #used = new Map<Answer, number>()
  readonly #counts = new Map<string, number>()
  #kept: Kept = new Map()
  #heard: Buffer = Buffer.alloc(0)
  #said = 0

  constructor(partner: Partner, ports: ConversationPorts) {
    super({ allowHalfOpen: false })
    this.#partner = partner
    this.#ports = ports
    const { greeting } = partner
    if (greeting !== undefined) this.#soon(() => { this.#say(say(greeting, this.#memory(new Map()))) })
  }

  override _read(): void {
    // What is said is pushed as it is said; there is as much of it as the plugin asked for.
    this.#ports.moved()
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#heard = Buffer.concat([this.#heard, bytes])
    // Nobody answers before the one who wrote has gone on.
    this.#soon(() => { this.#listen() })
    done()
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#soon(() => { this.push(null) })
    done()
  }

  #soon(body: () => void): void {
    this.#ports.moved()
    setImmediate(() => {
      if (this.destroyed) return
      this.#ports.moved()
      body()
    })
  }

  #listen(): void {
    while (this.#heard.length > 0 && !this.readableEnded && !this.destroyed) {
      const found = this.#answerTo(this.#heard)
      if (found === 'part') {
        if (this.#heard.length > MOST_HEARD) this.#hangUp(`more than ${MOST_HEARD} bytes came, and nothing that is described`)
        return
      }
      if (found === undefined) return this.#hangUp(`nothing is described for ${shown(this.#heard)}`)
      const { answer, end, kept } = found
      this.#used.set(answer, (this.#used.get(answer) ?? 0) + 1)
      this.#heard = this.#heard.subarray(end)
      this.#give(answer, kept)
      if (answer.close === true) {
        this.push(null)
        return
      }
    }
  }

  /** The first answer that is for what came, or that may be once more has come. */
  #answerTo(bytes: Buffer): 'part' | { readonly answer: Answer; readonly end: number; readonly kept: Kept } | undefined {
    for (const answer of this.#partner.answers) {
      if ((this.#used.get(answer) ?? 0) >= (answer.times ?? Number.POSITIVE_INFINITY)) continue
      const hearing = hear(answer.to, bytes, this.#kept)
      if (hearing === 'part') return 'part'
      // One that is for nothing at all would be for ever.
      if (hearing !== 'no' && hearing.end > 0) return { answer, ...hearing }
    }
    return undefined
  }

  #give({ make = {}, say: parts = [] }: Answer, kept: Kept): void {
    const known = new Map(kept)
    const memory = this.#memory(known)
    for (const [name, made] of Object.entries(make)) known.set(name, say(made, memory))
    this.#kept = known
    if (parts.length > 0) this.#say(say(parts, memory))
  }

  #memory(kept: Map<string, Buffer>): Parameters<typeof say>[1] {
    return { kept, counts: this.#counts, canary: () => this.#ports.canary() }
  }

  #say(bytes: Buffer): void {
    this.#said += bytes.length
    if (this.#said > MOST_SAID) this.#hangUp(`it was asked for more than ${MOST_SAID} bytes`)
    else this.push(bytes)
  }

  #hangUp(why: string): void {
    this.#heard = Buffer.alloc(0)
    this.#ports.strayed(why)
    this.push(null)
  }
}

function shown(bytes: Buffer): string {
  const start = bytes.subarray(0, SHOWN)
  const isText = /^[\x20-\x7e\r\n\t]+$/.test(start.toString('latin1'))
  return `${isText ? JSON.stringify(start.toString('latin1')) : start.toString('hex').replaceAll(/(..)(?=.)/g, '$1 ')}${bytes.length > SHOWN ? ` … (${bytes.length} bytes)` : ''}`
}
