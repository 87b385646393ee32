import type { Context, Database, DefinedTypes, DemoContext, Registrar, Transaction } from '@liberacces/sdk'
import type fr from '../messages/fr.json'
import type { RequestDecided, RequestReceived } from './contract.ts'
import type { Tables } from './tables.ts'

/** The types that the declaration in `plugin.tsx` fixes; the compiler compares the two. */
export type StreetPermitTypes = DefinedTypes<
  Tables, 'request.send' | 'request.read' | 'request.decide', never, keyof typeof fr, readonly [typeof RequestReceived, typeof RequestDecided], never, never, 'mail:send'
>
/** What a handler holds. */
export type StreetPermitContext = Context<StreetPermitTypes>
/** What the demonstration holds. */
export type StreetPermitDemo = DemoContext<StreetPermitTypes>
/** The tables, within a transaction or not. */
export type StreetPermitDatabase = Database<Tables>
/** A transaction, where events can be emitted. */
export type StreetPermitTransaction = Transaction<StreetPermitTypes>
/** What `setup` receives. */
export type StreetPermitRegistrar = Registrar<StreetPermitTypes>
