import type { Static, TSchema } from '@sinclair/typebox'
import { assertContractId } from './contract-id.ts'

/** An event contract as data. */
export interface EventContract<Id extends string = string, Data = unknown> {
  readonly kind: 'event'
  /** Ends in `/vN`; it is the CloudEvents `type`. */
  readonly id: Id
  readonly schema: TSchema
  /** The field of the data that orders deliveries and becomes the CloudEvents `subject`. */
  readonly subject: string | undefined
  /** How long it is kept once it is dealt with, in days: 1 to 3 650. @defaultValue what the tenant has set, 30 at first */
  readonly retentionDays?: number
  /** Never set: it carries the type of the data. */
  readonly __data?: Data
}

/** The type of an event's data. */
export type EventData<E extends EventContract> = E extends EventContract<string, infer Data> ? Data : never

/** An event as a handler receives it: the fields of CloudEvents 1.0 that matter to a handler, and the checked data. */
export interface ReceivedEvent<E extends EventContract = EventContract> {
  readonly id: string
  readonly type: E['id']
  /** Id of the plugin that emitted it. */
  readonly source: string
  readonly subject: string | undefined
  readonly time: Date
  readonly data: EventData<E>
  /** 1 on the first try. */
  readonly attempt: number
}

/** How an event leaves. */
export interface EmitOptions {
  /** Deliver no sooner than this. Without it, at once after the transaction commits. */
  readonly notBefore?: Date
}

/**
 * Declares an event contract.
 * @param id - reverse-domain id ending in `/vN`
 * @param options - `subject` names the field whose value keeps deliveries in order; without it events of this type are unordered.
 * `retentionDays`: how long the event is kept once it is dealt with, 1 to 3 650, where its content asks for another time than the tenant's own
 * @throws TypeError when the id is malformed, or the time is out of range
 */
export function defineEvent<const Id extends string, Schema extends TSchema>(
  id: Id,
  schema: Schema,
  options: { readonly subject?: Extract<keyof Static<Schema>, string>; readonly retentionDays?: number } = {},
): EventContract<Id, Static<Schema>> {
  assertContractId(id)
  const { subject, retentionDays } = options
  if (retentionDays !== undefined && (!Number.isInteger(retentionDays) || retentionDays < 1 || retentionDays > 3_650)) {
    throw new TypeError(`The event "${id}" is to be kept for ${retentionDays} days; say a whole number from 1 to 3 650.`)
  }
  return Object.freeze({ kind: 'event', id, schema, subject, ...(retentionDays === undefined ? {} : { retentionDays }) })
}
