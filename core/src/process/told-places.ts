import type { Context } from '@liberacces/sdk'
import { CallContext } from '../runtime/call-context.ts'
import { placeFacts } from './call-facts.ts'
import { LIMITS, type Call, type PlaceFacts } from './protocol.ts'

/** What of a call says where it is. */
export type Place = Required<Pick<Call, 'place'>> & Pick<Call, 'told'>

interface Told {
  /** Nobody else's, for as long as this one is kept in mind. */
  readonly number: number
  /** `undefined`: not told. */
  readonly facts: PlaceFacts | undefined
}

/** What one plugin's side was told of tenants, so that it is told once and not with each call. */
export class ToldPlaces {
  // The one whose turn is longest ago comes first.
  readonly #told = new Map<string, Told>()
  readonly #most: number

  /** @param most - tenants that are kept in mind, on both sides */
  constructor(most: number = LIMITS.places) {
    this.#most = most
  }

  /** Where a call is: a number, and what it stands for where the other side cannot know. It is taken for told from then on. */
  of(c: Context): Place {
    const { id } = CallContext.insideOf(c).origin.tenant
    const facts = placeFacts(c)
    const known = this.#told.get(id)
    if (known?.facts !== undefined && isSame(known.facts, facts)) {
      if (this.#told.size === this.#most) {
        this.#told.delete(id)
        this.#told.set(id, known)
      }
      return { place: known.number }
    }
    const number = known?.number ?? this.#free()
    this.#told.delete(id)
    this.#told.set(id, { number, facts })
    return { place: number, told: facts }
  }

  /** It did not come to be told. */
  forget(c: Context): void {
    const { id } = CallContext.insideOf(c).origin.tenant
    const known = this.#told.get(id)
    if (known !== undefined) this.#told.set(id, { number: known.number, facts: undefined })
  }

  /** A number that none of those that are kept in mind has. */
  #free(): number {
    const [oldest] = this.#told.size < this.#most ? [] : this.#told
    if (oldest === undefined) return this.#told.size + 1
    const [id, { number }] = oldest
    this.#told.delete(id)
    return number
  }
}

/** Tenants and settings are replaced as a whole when something of them changes. */
function isSame(before: PlaceFacts, now: PlaceFacts): boolean {
  return before.tenant === now.tenant && before.settings === now.settings && before.baseUrl === now.baseUrl && isSameList(before.granted, now.granted) && isSameList(before.provided, now.provided)
}

function isSameList(before: readonly string[], now: readonly string[]): boolean {
  return before.length === now.length && before.every((each, index) => each === now[index])
}
