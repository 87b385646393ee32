import type { Context, Database, DefinedTypes, DemoContext, Registrar, Transaction } from '@liberacces/sdk'
import type fr from '../messages/fr.json'
import type { ChildChanged, ChildrenImporting, HouseholdChanged, HouseholdsMerged, QuotientChanged } from './contract.ts'
import type { Permission } from './permissions.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** The types that the declaration in `plugin.tsx` fixes; the compiler compares the two. */
export type FamiliesTypes = DefinedTypes<
  Tables, Permission, typeof Settings, keyof typeof fr, readonly [typeof ChildChanged, typeof HouseholdChanged, typeof QuotientChanged, typeof HouseholdsMerged, typeof ChildrenImporting], never, never,
  'mail:send' | 'net:particulier.api.gouv.fr' | 'net:staging.particulier.api.gouv.fr'
>
/** What a handler holds. */
export type FamiliesContext = Context<FamiliesTypes>
/** What the demonstration holds. */
export type FamiliesDemo = DemoContext<FamiliesTypes>
/** The tables, within a transaction or not. */
export type FamiliesDatabase = Database<Tables>
/** A transaction, where events can be emitted. */
export type FamiliesTransaction = Transaction<FamiliesTypes>
/** What `setup` receives. */
export type FamiliesRegistrar = Registrar<FamiliesTypes>
