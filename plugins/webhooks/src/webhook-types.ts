import type { Context, Database, DefinedTypes, Registrar, Transaction, WorkerContext } from '@liberacces/sdk'
import type fr from '../messages/fr.json'
import type { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** Names of the permissions. */
type WebhookPermission = 'webhook.manage' | 'event.receive'
/** What the plugin's declaration fixes; the compiler compares it with the declaration in `plugin.tsx`. */
export type WebhookTypes = DefinedTypes<Tables, WebhookPermission, typeof Settings, keyof typeof fr, readonly [], never, never, 'db' | 'net:*' | 'events:read:*' | 'events:write:*' | 'mail:send'>
/** A call into this plugin. */
export type WebhookContext = Context<WebhookTypes>
/** A transaction on this plugin's tables. */
export type WebhookTransaction = Transaction<WebhookTypes>
/** This plugin's tables, within a transaction or not. */
export type WebhookDatabase = Database<Tables>
/** What `setup` receives. */
export type WebhookRegistrar = Registrar<WebhookTypes>
/** What the sender works with. */
export type SenderContext = WorkerContext<WebhookTypes>
