import type { Context, PluginTypes, Registrar, Static, Transaction } from '@liberacces/sdk'
import type fr from '../messages/fr.json'
import type { MandateEnded, PersonChanged } from './contract.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** The types of this plugin, as its declaration in `plugin.tsx` fixes them. */
export interface DirectoryTypes extends PluginTypes {
  readonly db: Tables
  readonly permission: 'entry.read' | 'entry.write' | 'entry.export'
  readonly settings: Static<typeof Settings>
  readonly message: keyof typeof fr
  readonly event: typeof PersonChanged | typeof MandateEnded
  readonly required: never
  readonly optional: never
}

/** What every handler of this plugin holds. */
export type DirectoryContext = Context<DirectoryTypes>
/** What `setup` of this plugin holds. */
export type DirectoryRegistrar = Registrar<DirectoryTypes>
/** The plugin's tables, in a transaction or not. */
export type DirectoryDb = DirectoryContext['db']
/** A transaction of this plugin. */
export type DirectoryTransaction = Transaction<DirectoryTypes>
