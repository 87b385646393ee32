import type { Generated } from 'kysely'

/**
 * The kernel's own tables. Times are milliseconds since the Unix epoch, flags are 0 or 1, `*_json` columns hold JSON text.
 * Data of plugins is never here.
 */
export interface PlatformTables {
  tenant: TenantRow
  host: { host: string; tenant_id: string }
  account: AccountRow
  session: { token_hash: Uint8Array; account_id: string; tenant_id: string; created_at: number; expires_at: number }
  api_token: { id: string; token_hash: Uint8Array; account_id: string; tenant_id: string; label: string; created_at: number; expires_at: number | null }
  /** Roles that an administrator made or a plugin named; built-in ones are not stored. */
  role: { tenant_id: string; id: string; title: string }
  account_role: { account_id: string; role: string }
  /** The administrator's decision, over the plugin's own default. */
  role_permission: { tenant_id: string; role: string; permission: string; granted: number }
  installation: InstallationRow
  setting: { tenant_id: string; plugin_id: string; value_json: string; updated_at: number }
  audit: AuditRow
  migration: { tenant_id: string; plugin_id: string; name: string; applied_at: number }
  /** A store that may hold undelivered events, marked before its first write. */
  dirty: { tenant_id: string; plugin_id: string; due_at: number }
  schedule: { tenant_id: string; plugin_id: string; schedule_id: string; next_at: number; last_at: number | null; last_error: string | null }
  login_failure: { key: string; failures: number; blocked_until: number; updated_at: number }
  /** Where an account put the contributions of a slot. */
  layout: { account_id: string; slot_id: string; contribution: string; position: number; hidden: number }
}

/** A collectivité or satellite, or the Pool itself. */
export interface TenantRow {
  id: string
  slug: string
  name: string
  kind: 'pool' | 'epci' | 'commune' | 'satellite'
  parent_id: string | null
  siren: string | null
  insee: string | null
  population: number | null
  created_at: number
}

/** Someone who can log in at one tenant. */
export interface AccountRow {
  id: string
  tenant_id: string
  login: string
  name: string
  email: string | null
  /** argon2id in PHC string form. */
  password_hash: string
  status: 'active' | 'disabled'
  created_at: number
  last_login_at: number | null
}

/** A plugin's state for one tenant. */
export interface InstallationRow {
  tenant_id: string
  plugin_id: string
  version: string
  state: 'activating' | 'active' | 'degraded' | 'draining' | 'inactive' | 'migration-failed'
  since: number
  error: string | null
}

/** One line of the audit trail; never changed, never deleted with a plugin. */
export interface AuditRow {
  id: Generated<number>
  tenant_id: string
  at: number
  actor_kind: 'account' | 'anonymous' | 'system' | 'operator'
  actor_id: string
  actor_name: string
  /** `null` for the kernel's own actions. */
  plugin_id: string | null
  action: string
  target: string
  detail_json: string | null
  trace_id: string | null
}
