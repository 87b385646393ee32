import type { Outside } from '@liberacces/core'
import { Conversation } from './conversation.ts'
import type { Partner } from './partner-description.ts'

/** Conversations at a time; more are refused as a server would that is full. */
const MOST_OPEN = 50
/** Turns of the event loop within which what was said is read, or nobody reads. */
const TURNS = 10

/** Partners of a plugin, played on a throw-away platform: who connects to one of them speaks with it, and everybody else's network is cut. */
export class PlayedPartners {
  readonly #partners: readonly Partner[]
  readonly #open = new Set<Conversation>()
  readonly #strays = new Set<string>()
  #canary: ((tenantId: string, place: string) => string) | undefined
  #moved = 0

  constructor(partners: readonly Partner[]) {
    this.#partners = partners
  }

  /** Where each one is: `bus.example.fr:5671`. */
  get places(): readonly string[] {
    return this.#partners.map(placeOf)
  }

  /** Counts what went either way: as long as it is the same, nothing was said. */
  get moved(): number {
    return this.#moved
  }

  /** Why partners hung up where their description does not have them do so, each once. */
  get strays(): readonly string[] {
    return [...this.#strays]
  }

  /**
   * Lets them answer from now on; before that, nobody is there.
   * @param canary - a text of a commune, for what a partner says to it
   */
  play(canary: (tenantId: string, place: string) => string): void {
    this.#canary = canary
  }

  /** The wire of the throw-away platform. What the kernel refuses does not come here; the bytes within TLS do. */
  readonly connect: NonNullable<Outside['connect']> = async ({ host, port, tenantId = '' }, _tls, signal) => {
    signal.throwIfAborted()
    const partner = this.#partners.find((one) => one.host === host && one.port === port)
    const canary = this.#canary
    if (partner === undefined || canary === undefined) throw new Error('The network is cut.')
    if (this.#open.size >= MOST_OPEN) throw new Error(`The partner has ${MOST_OPEN} conversations already.`)
    const place = placeOf(partner)
    const conversation = new Conversation(partner, {
      canary: () => canary(tenantId, place),
      moved: () => { this.#moved += 1 },
      strayed: (why) => { this.#strays.add(`${place} hung up: ${why}.`) },
    })
    this.#open.add(conversation)
    conversation.once('close', () => { this.#open.delete(conversation) })
    return conversation
  }

  /** Waits until what was said has gone to who reads it. */
  async delivered(): Promise<void> {
    for (let turn = 0, before = -1; turn < TURNS && before !== this.#moved; turn += 1) {
      before = this.#moved
      await new Promise((resolve) => { setImmediate(resolve) })
    }
  }

  close(): void {
    for (const conversation of this.#open) conversation.destroy()
  }
}

function placeOf({ host, port }: Partner): string {
  return `${host}:${port}`
}
