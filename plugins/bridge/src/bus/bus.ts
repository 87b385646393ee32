import type { Duplex } from 'node:stream'

/** A message on its way to the bus. */
export interface OutMessage {
  /** Where it is published: for AMQP an exchange. */
  readonly target: string
  /** What it is routed by. */
  readonly key: string
  /** The same whenever it is sent again. */
  readonly id: string
  readonly type: string
  readonly contentType: string
  readonly time: Date
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** A message that came from the bus. */
export interface InMessage {
  readonly id: string | undefined
  readonly type: string | undefined
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Whether the bus says that it handed it over before. */
  readonly redelivered: boolean
}

/** What becomes of a message once it was dealt with. `poison`: it will never be understood; the bus keeps it aside. */
export type Verdict = { readonly kind: 'done' } | { readonly kind: 'poison'; readonly reason: string }

/** Where a bus is and who we are there. */
export interface BusAddress {
  readonly host: string
  readonly port: number
  readonly space: string
  readonly user: string
  readonly password: string
  readonly tls: { readonly ca?: string; readonly servername?: string } | undefined
  /** How we are called in the bus's own lists. */
  readonly name: string
}

/** A bus: another one is another file that exports one of these. */
export interface Bus {
  /**
   * @param connect - opens the connection; the bus speaks on it and nowhere else
   * @throws Error that says what the bus refused
   */
  open(address: BusAddress, connect: (tls: BusAddress['tls']) => Promise<Duplex>): Promise<BusLink>
}

/** A connection that stands. */
export interface BusLink {
  /**
   * Hands a message over; resolves once the bus has confirmed that it keeps it, and that it leads somewhere.
   * @throws BusRefusal when the bus says no to this message, Error when the link is lost or the bus takes nothing now
   */
  publish(message: OutMessage): Promise<void>
  /**
   * Takes messages of a queue, one after the other, as the only one who does; the next comes when `deal` has resolved. What `deal` throws at ends the
   * link: the bus then hands over again what was not dealt with.
   * @param deadLetters - where poison goes; empty for the queue's own
   */
  consume(queue: string, deadLetters: string, deal: (message: InMessage) => Promise<Verdict>): Promise<void>
  /** Why the bus takes nothing now, such as a full disk; `undefined` when it does. */
  readonly blocked: string | undefined
  /** Resolves with the reason when the link is lost, or was closed. */
  readonly lost: Promise<Error>
  close(): Promise<void>
}

/** The bus says no to one message, and will say so again: no exchange of that name, nowhere it leads to. */
export class BusRefusal extends Error {
  override readonly name = 'BusRefusal'
}
