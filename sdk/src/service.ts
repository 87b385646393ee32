import type { Static, TSchema } from '@sinclair/typebox'
import { assertContractId } from './contract-id.ts'

/** One operation of a service: what goes in, what comes out, who may call it. */
export interface Operation {
  readonly input: TSchema
  readonly output: TSchema
  /** A permission of the *providing* plugin that the acting person must hold. Without it anyone whose plugin may use the service may call. */
  readonly permission?: string
  /** One line for the reference. */
  readonly summary?: string
}

/** A service contract as data. The same object gives types, validation, the call across processes and the test fake. */
export interface Service<Id extends string = string, Operations extends Readonly<Record<string, Operation>> = Readonly<Record<string, Operation>>> {
  readonly kind: 'service'
  /** Ends in `/vN`. A breaking change is a new `/vN` beside the old one. */
  readonly id: Id
  readonly operations: Operations
}

/** What a caller holds: each operation as a function. A call that fails throws; input and output are checked on both sides. */
export type ServiceClient<S extends Service> = {
  readonly [Name in keyof S['operations']]: (input: Static<S['operations'][Name]['input']>) => Promise<Static<S['operations'][Name]['output']>>
}

/** What a provider writes: each operation as a function. */
export type ServiceHandlers<S extends Service> = {
  readonly [Name in keyof S['operations']]: (
    input: Static<S['operations'][Name]['input']>,
  ) => Static<S['operations'][Name]['output']> | Promise<Static<S['operations'][Name]['output']>>
}

/**
 * Declares a service contract.
 * @param id - reverse-domain id ending in `/vN`, such as `fr.liberacces.directory/v1`
 * @throws TypeError when the id is malformed
 */
export function defineService<const Id extends string, const Operations extends Readonly<Record<string, Operation>>>(
  id: Id,
  operations: Operations,
): Service<Id, Operations> {
  assertContractId(id)
  return Object.freeze({ kind: 'service', id, operations: Object.freeze(operations) })
}
