import type { Localized } from './localized.ts'

/** What a *person* may do, as a plugin declares it. Its full name on the platform is `<plugin id>/<permission>`. */
export interface PermissionDeclaration {
  readonly title: Localized
  /**
   * Roles that hold it until the administrator decides otherwise. Built-in roles are `citizen`, `agent` and
   * `tenant-admin`; any other name, such as `agent.school`, becomes a role that the administrator can hand out.
   */
  readonly roles: readonly string[]
}

/**
 * What a *plugin* may do. The effective right of a call is the person's permission and the plugin's scope, both.
 * `db`: tables of its own. `files`: files of its own. `mail:send`: messages through the platform.
 * `net:<host>`: requests to that one host; `net:*`: to any host of the internet that an administrator names. `tcp:<host>:<port>`, `tcp:*`: likewise
 * connections of other protocols, which workers make. `events:read:*`: every event of the tenant. `events:write:*`: bring events of other plugins'
 * contracts in from outside. `browser`: scripts of its own on its pages for agents and administrators, see `PageScript`.
 */
export type Scope = 'db' | 'files' | 'mail:send' | 'browser' | 'events:read:*' | 'events:write:*' | `net:${string}` | `tcp:${string}`
