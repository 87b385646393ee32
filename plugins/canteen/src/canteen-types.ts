import type { Context, Database, DefinedTypes, DemoContext, Registrar, Transaction } from '@liberacces/sdk'
import type { BookingCancelled, BookingCreated, BookingsImporting, CampaignDrafting, CampaignTelling, DebitsAnnouncing, EnrolmentDecided, PlaceOffered } from './contract.ts'
import type { fr } from './messages.ts'
import type { Permission } from './permissions.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** The types that the declaration in `plugin.tsx` fixes; the compiler compares the two. */
export type CanteenTypes = DefinedTypes<Tables, Permission, typeof Settings, keyof typeof fr, readonly [typeof BookingCreated, typeof BookingCancelled, typeof PlaceOffered, typeof EnrolmentDecided, typeof BookingsImporting, typeof CampaignDrafting, typeof CampaignTelling, typeof DebitsAnnouncing], 'fr.liberacces.families/v1', never, 'mail:send' | 'browser'>
/** What a handler holds. */
export type CanteenContext = Context<CanteenTypes>
/** What the demonstration holds. */
export type CanteenDemo = DemoContext<CanteenTypes>
/** The tables, within a transaction or not. */
export type CanteenDatabase = Database<Tables>
/** A transaction, where events can be emitted. */
export type CanteenTransaction = Transaction<CanteenTypes>
/** What `setup` receives. */
export type CanteenRegistrar = Registrar<CanteenTypes>
