/** How long a tenant keeps what is over, in days. */
export interface KeptDays {
  /** Events that were delivered, discarded, or wanted by nobody. */
  readonly events: number
  /** Deliveries that failed for good, from then on. */
  readonly deadLetters: number
  /** Contracts that say so themselves, over `events`. */
  readonly byType: ReadonlyMap<string, number>
}

export const DAY_MS = 24 * 60 * 60 * 1_000
/** What a handler has dealt with is known for at least this long; longer where events are kept longer. */
const INBOX_DAYS = 180
/** And longer than anything can still be delivered again. */
const INBOX_MARGIN_DAYS = 30

/** From when on what is over goes, in milliseconds since the Unix epoch: what is older. */
export interface Cuts {
  readonly events: number
  readonly deadLetters: number
  readonly byType: ReadonlyMap<string, number>
  readonly inbox: number
  /** Nothing younger than this goes. */
  readonly youngest: number
}

/** @param now - milliseconds since the Unix epoch */
export function cutsAt(now: number, { events, deadLetters, byType }: KeptDays): Cuts {
  const at = (days: number): number => now - days * DAY_MS
  const all = [events, deadLetters, ...byType.values()]
  return {
    events: at(events), deadLetters: at(deadLetters), byType: new Map([...byType].map(([type, days]) => [type, at(days)])),
    inbox: at(Math.max(INBOX_DAYS, Math.max(...all) + INBOX_MARGIN_DAYS)), youngest: at(Math.min(...all)),
  }
}

/** A delivery as far as it decides whether its event may go. */
export interface EndedDelivery {
  readonly status: 'waiting' | 'pending' | 'delivered' | 'dead' | 'discarded'
  readonly updated_at: number
}

/** Whether an event may go: nobody still waits for it, and all that came of it is old enough. Pure. */
export function isExpired(event: { readonly type: string; readonly time: number; readonly state: 'new' | 'planned' | 'unsubscribed' }, deliveries: readonly EndedDelivery[], cuts: Cuts): boolean {
  const before = cuts.byType.get(event.type) ?? cuts.events
  if (event.state === 'new' || event.time >= before) return false
  return deliveries.every(({ status, updated_at: at }) => {
    switch (status) {
      case 'waiting':
      case 'pending': return false
      case 'delivered':
      case 'discarded': return at < before
      case 'dead': return at < cuts.deadLetters
      default: return status satisfies never
    }
  })
}
