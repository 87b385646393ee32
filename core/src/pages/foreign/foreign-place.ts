import type { PlacedToken } from './place-token.ts'

/** Where HTML of others is put, which decides what it may do there. */
export interface ForeignPlace {
  /**
   * `page`: the body of a page at the plugin's own address, where a form without address is sent. `part`: among others, such as a tile.
   * `text`: mark-up of text only, no forms and no fields, such as within a form of the platform's own.
   */
  readonly place: 'page' | 'part' | 'text'
  /** Addresses under which forms may be posted, each with a `/` at its end: `/apps/canteen/`, or the same with an origin. */
  readonly formsTo: readonly string[]
  /** What becomes of the text that stands for the reader's token against forged requests; left out: it is text as any other. */
  readonly token?: PlacedToken
  /** Told of what is taken out, for certification. A piece may be read, and told, more than once. @defaultValue nobody */
  readonly takenOut?: WatchTakenOut | undefined
}

/** What may not stand in HTML of others, and was taken out of it. */
export interface TakenOut {
  readonly element: string
  /** The attribute that was taken from it; `undefined` when it went itself. */
  readonly attribute: string | undefined
  /** The attribute's value, or what tells of the element where it leads: 200 characters at most. */
  readonly value: string
}

/** Told of each thing that is taken out of HTML. It must not throw. */
export type WatchTakenOut = (one: TakenOut) => void
