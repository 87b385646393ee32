import type { TSchema } from '@sinclair/typebox'
import { assertContractId } from './contract-id.ts'

/** Who a slot's page is for. */
export type Audience = 'public' | 'citizen' | 'agent' | 'admin'

/** A place in a page that plugins contribute to, as data. */
export interface Slot<Id extends string = string, Data extends TSchema = TSchema, Rendered extends boolean = boolean> {
  readonly kind: 'slot'
  /** Ends in `/vN`. */
  readonly id: Id
  /** What each contribution says about itself besides title, order and permission. */
  readonly data: Data
  /** Whether contributions render content of their own, or are data that the page lays out. */
  readonly rendered: Rendered
  /** Time one contribution may take before it arrives later by itself, in milliseconds: 1 to 10 000. */
  readonly budgetMs: number
}

/**
 * Declares a slot.
 * @throws TypeError when the id is malformed
 * @throws RangeError when the budget is outside 1 to 10 000 ms
 */
export function defineSlot<const Id extends string, Data extends TSchema, const Rendered extends boolean>(
  id: Id,
  options: { readonly data: Data; readonly rendered: Rendered; readonly budgetMs?: number },
): Slot<Id, Data, Rendered> {
  assertContractId(id)
  const budgetMs = options.budgetMs ?? 300
  if (!(budgetMs >= 1 && budgetMs <= 10_000)) throw new RangeError(`Slot "${id}": budgetMs is ${budgetMs}, it must be 1 to 10 000.`)
  return Object.freeze({ kind: 'slot', id, data: options.data, rendered: options.rendered, budgetMs })
}
