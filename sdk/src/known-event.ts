import type { TSchema } from '@sinclair/typebox'

/** An event that active plugins of a tenant emit or listen to. */
export interface KnownEvent {
  /** Its contract's id, ending in `/vN`. */
  readonly id: string
  /** The field of the data that orders deliveries. */
  readonly subject: string | undefined
  readonly schema: TSchema
  /** Who emits it: titles in the reader's language. */
  readonly emittedBy: readonly string[]
  /** Who listens to it: titles in the reader's language. */
  readonly heardBy: readonly string[]
}

/** An event of the outside that enters the tenant. */
export interface OutsideEvent {
  /** Its contract's id. */
  readonly type: string
  readonly data: unknown
  /** Deliver no sooner than this. */
  readonly notBefore?: Date
}
