import type { Context, Database, DefinedTypes, DemoContext, Registrar, Transaction } from '@liberacces/sdk'
import type fr from '../messages/fr.json'
import type { ItemReturned } from './contract.ts'
import type { KeepingEnded } from './keeping-ended.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** The types that the declaration in `plugin.tsx` fixes; the compiler compares the two. */
export type LostPropertyTypes = DefinedTypes<
  Tables, 'item.read' | 'item.write', typeof Settings, keyof typeof fr, readonly [typeof ItemReturned, typeof KeepingEnded], never, never
>
/** What a handler holds. */
export type LostPropertyContext = Context<LostPropertyTypes>
/** What the demonstration holds. */
export type LostPropertyDemo = DemoContext<LostPropertyTypes>
/** The tables, within a transaction or not. */
export type LostPropertyDatabase = Database<Tables>
/** A transaction, where events can be emitted. */
export type LostPropertyTransaction = Transaction<LostPropertyTypes>
/** What `setup` receives. */
export type LostPropertyRegistrar = Registrar<LostPropertyTypes>
