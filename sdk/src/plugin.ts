import type { Static, TObject } from '@sinclair/typebox'
import type { Context } from './context.ts'
import type { EventContract } from './event.ts'
import type { Localized } from './localized.ts'
import type { Migrations } from './migration.ts'
import type { PermissionDeclaration, Scope } from './permission.ts'
import type { PluginTypes } from './plugin-types.ts'
import type { Privacy } from './privacy.ts'
import type { Registrar } from './registrar.ts'

/** Where a plugin asks to be run: `process` in one of its own, `inline` in the platform's, `remote` for applications in other languages. The operator decides. */
export type Runtime = 'inline' | 'process' | 'remote'

/** A demo context: {@link Context} as the platform itself, with chance that is the same at every run. */
export interface DemoContext<T extends PluginTypes> extends Context<T> {
  /** From 0 (included) to 1 (excluded), seeded by tenant and plugin. */
  random(): number
}

/** What a plugin says of itself, and what it registers. Everything but the functions becomes `plugin.json`. */
export interface PluginDefinition<T extends PluginTypes, Settings extends TObject, Emits extends readonly EventContract[], Needed extends Scope = Scope, Spare extends Scope = Scope> {
  /** Reverse-domain id, such as `fr.liberacces.news`. Never changes. */
  readonly id: string
  /** Semantic version (semver 2.0). */
  readonly version: string
  /** Where its pages live: `/apps/<path>/`. 2 to 41 of `a-z`, `0-9`, `-`. */
  readonly path: string
  /** The SDK versions it was built for, as a semver range. */
  readonly sdk: string
  /** SPDX expression. */
  readonly license: string
  readonly title: Localized
  readonly description?: Localized
  readonly publisher: { readonly name: string; readonly contact: string }
  /** Where it asks to be run: `process` in one of its own, `inline` in the platform's. The operator decides. @defaultValue `process` */
  readonly runtime?: Runtime
  readonly limits?: {
    /** Memory in the `process` runtime, in MiB: 32 to 4 096. @defaultValue 128 */
    readonly memoryMb?: number
    /** Longest one call may take, in milliseconds: 1 to 60 000. @defaultValue 5 000 */
    readonly callMs?: number
  }
  /** What it cannot do without. Whoever switches it on agrees to all of it; what a later version adds waits for their consent. */
  readonly scopes: readonly Needed[]
  /**
   * What it can do without, each with what is missing then, for the administrator who may refuse it at any time. Ask
   * `c.granted(scope)` before using one. None may stand in `scopes` too.
   * @example `optionalScopes: { 'mail:send': { fr: 'Les familles ne sont pas prévenues par courriel.' } }`
   */
  readonly optionalScopes?: { readonly [S in Spare]: Localized }
  /**
   * Scripts for its pages of agents and administrators, each written in `browser/<name>.ts` of its package and bundled into the archive as a module. A page
   * names the one it loads; needs the scope `browser`.
   * @example `browser: ['checkin']`
   */
  readonly browser?: readonly string[]
  /** Contracts (`*`) or plugins (semver range) without which it cannot run. */
  readonly requires?: { readonly [Id in T['required']]: string }
  /** Contracts or plugins it uses where they are active. */
  readonly optional?: { readonly [Id in T['optional']]: string }
  /** Settings the tenant's administrator fills in; the form is made from this schema. Every field needs a default or be optional. */
  readonly settings?: Settings
  /** Titles of the roles that its permissions name beyond the built-in ones. A role without a title is shown by its id. */
  readonly roles?: Readonly<Record<string, Localized>>
  readonly permissions?: { readonly [Name in T['permission']]: PermissionDeclaration }
  readonly migrations?: Migrations
  readonly emits?: Emits
  readonly privacy: Privacy<T['db'], Context<T>>
  /** ICU MessageFormat by key; both languages complete. */
  readonly messages: { readonly fr: { readonly [Key in T['message']]: string }; readonly en: { readonly [Key in T['message']]: string } }
  /**
   * Looks over the data of an installation, after its migrations and before it runs on them: on a copy when an upgrade is rehearsed, on the
   * data itself before the swap. Throws what is wrong, in words for an administrator; the upgrade is then not done, or undone. It may only
   * read: `transaction`, `emit`, `use`, `fetch` and changes of files are refused. It has 60 seconds.
   */
  readonly check?: (c: Context<T>) => void | Promise<void>
  /** Fills an empty installation with believable data, for demonstrations. Runs after those of the plugins it requires. */
  readonly demo?: (c: DemoContext<T>) => Promise<void>
  /** Registers routes, pages, contributions and handlers. No I/O. */
  readonly setup: (k: Registrar<T>) => void
}

/** A plugin as the kernel takes it, whatever its own types. Made by {@link definePlugin}. */
export interface Plugin extends Omit<PluginDefinition<PluginTypes, TObject, readonly EventContract[]>, 'setup' | 'privacy' | 'demo' | 'check' | 'optionalScopes'> {
  readonly optionalScopes?: Readonly<Partial<Record<Scope, Localized>>>
  readonly setup: (k: never) => void
  readonly privacy: { readonly stores: readonly object[]; readonly export?: unknown; readonly erase?: unknown; readonly expire?: unknown }
  readonly demo?: ((c: never) => Promise<void>) | undefined
  readonly check?: ((c: never) => void | Promise<void>) | undefined
}

/** The types of one plugin, from what its declaration says. */
export interface DefinedTypes<Db extends object, Permission extends string, Settings extends TObject, Message extends string, Emits extends readonly EventContract[], Required extends string, Optional extends string, Declared extends Scope = never>
  extends PluginTypes {
  readonly db: Db
  readonly permission: Permission
  readonly settings: Static<Settings>
  readonly message: Message
  readonly event: Emits[number]
  readonly required: Required
  readonly optional: Optional
  readonly scope: Declared
}

/**
 * Declares a plugin: `export default definePlugin<Tables>()({ … })`.
 * Called twice because the tables are named by the author and everything else is inferred.
 */
export function definePlugin<Db extends object = Record<never, never>>() {
  return <
    const Message extends string,
    const Permission extends string = never,
    Settings extends TObject = TObject<Record<never, never>>,
    const Emits extends readonly EventContract[] = readonly [],
    const Required extends string = never,
    const Optional extends string = never,
    const Needed extends Scope = never,
    const Spare extends Scope = never,
  >(
    definition: PluginDefinition<DefinedTypes<Db, Permission, Settings, Message, Emits, Required, Optional, Needed | Spare>, Settings, Emits, Needed, Spare>,
  ): Plugin => Object.freeze(definition) as unknown as Plugin
}
