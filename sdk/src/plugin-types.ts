import type { EventContract } from './event.ts'
import type { Scope } from './permission.ts'

/** The types that one plugin's declaration fixes; every context and registrar of that plugin is typed by them. */
export interface PluginTypes {
  /** Tables of the plugin: table name to row. */
  readonly db: object
  /** Names of its permissions. */
  readonly permission: string
  /** Its settings, parsed. */
  readonly settings: unknown
  /** Keys of its messages. */
  readonly message: string
  /** Union of the events it declares in `emits`. */
  readonly event: EventContract
  /** Ids of the contracts in `requires`. */
  readonly required: string
  /** Ids of the contracts in `optional`. */
  readonly optional: string
  /** What it may do: `scopes` and the keys of `optionalScopes`. */
  readonly scope: Scope
}
