import { derivedHex } from './chance.ts'

/** Where a canary was put in. */
export interface WrittenCanary {
  /** Of 14 characters, letters and digits in lower case. */
  readonly text: string
  readonly tenant: string
  /** Who typed it. */
  readonly persona: string
  /** Where: `POST /notes text`. */
  readonly place: string
}

/** Digits of a canary that tell one of a hand from its others. */
const COUNT_DIGITS = 2
const MOST = 36 ** COUNT_DIGITS

/** Writes texts that nobody could guess, each told from all others, for one person of one tenant. */
export class CanaryPen {
  readonly tenant: string
  readonly persona: string
  readonly #hand: string
  readonly #written = new Map<string, WrittenCanary>()

  constructor(seed: number, tenant: string, persona: string) {
    this.tenant = tenant
    this.persona = persona
    this.#hand = `c${derivedHex(seed, 11, 'canary', tenant, persona)}`
  }

  /** A new one; past 1 296 of them the last ones again. */
  write(place: string): string {
    const text = this.#hand + Math.min(this.#written.size, MOST - 1).toString(36).padStart(COUNT_DIGITS, '0')
    if (!this.#written.has(text)) this.#written.set(text, { text, tenant: this.tenant, persona: this.persona, place })
    return text
  }

  get written(): readonly WrittenCanary[] {
    return [...this.#written.values()]
  }

  /** Those of this hand that a text holds, whatever the case of its letters. */
  foundIn(text: string): readonly WrittenCanary[] {
    if (this.#written.size === 0) return []
    const lower = text.toLowerCase()
    const found = new Set<WrittenCanary>()
    for (let at = lower.indexOf(this.#hand); at >= 0; at = lower.indexOf(this.#hand, at + 1)) {
      const canary = this.#written.get(lower.slice(at, at + this.#hand.length + COUNT_DIGITS))
      if (canary !== undefined) found.add(canary)
    }
    return [...found]
  }

  /** What all of this hand begin with: enough to search for them, and none of them. */
  get searchText(): string {
    return this.#hand.slice(0, 9)
  }
}

/** Characters of a canary. */
export const CANARY_LENGTH = 12 + COUNT_DIGITS
