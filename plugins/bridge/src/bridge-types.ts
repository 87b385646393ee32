import type { Context, Database, DefinedTypes, Registrar, WorkerContext } from '@liberacces/sdk'
import type fr from '../messages/fr.json'
import type { BusLink } from './bus/bus.ts'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** What the plugin's declaration fixes; the compiler compares it with the declaration in `plugin.tsx`. */
export type BridgeTypes = DefinedTypes<Tables, 'bridge.manage', typeof Settings, keyof typeof fr, readonly [], never, never, 'db' | 'tcp:*' | 'events:read:*' | 'events:write:*'>
/** A call into this plugin. */
export type BridgeContext = Context<BridgeTypes>
/** This plugin's tables, within a transaction or not. */
export type BridgeDatabase = Database<Tables>
/** What `setup` receives. */
export type BridgeRegistrar = Registrar<BridgeTypes>
/** What the worker that holds the link works with. */
export type LinkContext = WorkerContext<BridgeTypes, BusLink>
