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
 * @param options - `subject` names the field whose value keeps deliveries in order; without it events of this type are unordered
 * @throws TypeError when the id is malformed
 */
export function defineEvent<const Id extends string, Schema extends TSchema>(
  id: Id,
  schema: Schema,
  options: { readonly subject?: Extract<keyof Static<Schema>, string> } = {},
): EventContract<Id, Static<Schema>> {
  assertContractId(id)
  return Object.freeze({ kind: 'event', id, schema, subject: options.subject })
}
