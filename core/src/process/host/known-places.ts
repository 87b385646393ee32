import type { Call, PlaceFacts } from '../protocol.ts'

/** What the kernel has told of tenants, by the numbers it gave them: as many as it says there are. */
export class KnownPlaces {
  readonly #places = new Map<number, PlaceFacts>()

  /** What holds for a call; `undefined` for a migration. Frozen: all calls on the tenant share it. */
  of({ place, told }: Call): PlaceFacts | undefined {
    if (place === undefined) return undefined
    if (told !== undefined) this.#places.set(place, frozen(told))
    return this.#places.get(place)
  }
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
    for (const each of Object.values(value)) frozen(each)
    Object.freeze(value)
  }
  return value
}
