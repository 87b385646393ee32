import { KERNEL_CONTRACTS } from '../mail/stored-mail.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Subscription } from './event-bus.ts'

/** Who receives which event types, of a set of releases: those who name the type, then those who hear everything. */
export class Subscriptions {
  readonly #named = new Map<string, readonly Subscription[]>()
  readonly #all: readonly Subscription[]

  constructor(releases: readonly LoadedRelease[]) {
    const all: Subscription[] = []
    for (const { manifest, registrations } of releases) {
      for (const { id, event } of registrations.handlers) {
        const subscription = { pluginId: manifest.id, handlerId: id }
        if (event === 'any') all.push(subscription)
        else this.#named.set(event.id, [...(this.#named.get(event.id) ?? []), subscription])
      }
    }
    this.#all = all
  }

  get(type: string): readonly Subscription[] {
    const named = this.#named.get(type) ?? []
    return this.#all.length === 0 || type.startsWith(KERNEL_CONTRACTS) ? named : [...named, ...this.#all]
  }
}
