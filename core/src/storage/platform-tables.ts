// Longer than others: every table of the kernel, column by column, in one place.
import type { Generated } from 'kysely'

/**
 * The kernel's own tables. Times are milliseconds since the Unix epoch, flags are 0 or 1, `*_json` columns hold JSON text.
 * Data of plugins is never here.
 */
export interface PlatformTables {
  tenant: TenantRow
  host: { host: string; tenant_id: string }
  account: AccountRow
  session: { token_hash: Uint8Array; account_id: string; tenant_id: string; created_at: number; expires_at: number; grant_id: string | null; home_id: string | null }
  api_token: { id: string; token_hash: Uint8Array; account_id: string; tenant_id: string; label: string; created_at: number; expires_at: number | null }
  /** Roles that an administrator made or a plugin named; built-in ones are not stored. */
  role: { tenant_id: string; id: string; title: string }
  account_role: { account_id: string; role: string }
  /** The administrator's decision, over the plugin's own default. */
  role_permission: { tenant_id: string; role: string; permission: string; granted: number }
  installation: InstallationRow
  release: ReleaseRow
  /** What the Pool asks of labels; one row at most. */
  label_policy: { id: string; policy_json: string }
  /** Roots of trust and status lists, as they were signed; `id` is that of the certifier, or the list's address. */
  label_trust: { kind: 'root' | 'status'; id: string; version: number; envelope: string; taken_at: number; taken_by: string }
  release_label: ReleaseLabelRow
  label_decision: LabelDecisionRow
  label_waiting: { id: string; version: string; status: string }
  remote_application: RemoteApplicationRow
  /** Changes of installations that are under way. */
  operation: OperationRow
  /** That a node keeps callers out of a plugin of a tenant while an operation of another node is under way. */
  operation_ack: { tenant_id: string; plugin_id: string; started_at: number; node_id: string }
  node: NodeRow
  /** A file that every node must reach; without a name while it is being written. */
  kept_file: { id: string; name: string | null; sha256: string | null; bytes: number; created_at: number }
  kept_chunk: { file_id: string; number: number; content: Uint8Array }
  /** Copies of a store from before a change, as long as one can go back to them. */
  snapshot: SnapshotRow
  consent: ConsentRow
  /** A release whose scopes wait for a decision; `scopes_json` holds `{ required, optional }`. */
  consent_waiting: { tenant_id: string; plugin_id: string; version: string; scopes_json: string; since: number }
  setting: { tenant_id: string; plugin_id: string; value_json: string; updated_at: number }
  audit: AuditRow
  migration: { tenant_id: string; plugin_id: string; name: string; applied_at: number }
  /** A store that may hold undelivered events, marked before its first write. */
  dirty: { tenant_id: string; plugin_id: string; due_at: number; carrier: Generated<string | null> }
  /** How often each lock over all nodes was taken: who lost one has a smaller number than who took it over. */
  lock_fence: { name: string; fence: number }
  schedule: { tenant_id: string; plugin_id: string; schedule_id: string; next_at: number; last_at: number | null; last_error: string | null; last_due: Generated<number | null>; run_by: Generated<string | null> }
  /** The latest wave of each plugin. `run_by`: the node that runs it; `null` once it has ended. */
  wave: { plugin_id: string; run_by: string | null; stop_asked: Generated<number>; report_json: string }
  login_failure: { key: string; failures: number; blocked_until: number; updated_at: number }
  /** What was decided for a tenant, as `entitlement/policy.ts` writes it. Of whom nothing was, there is no row. */
  entitlement: { tenant_id: string; policy_json: string }
  quota_usage: QuotaUsageRow
  /** Where an account put the contributions of a slot. */
  layout: { account_id: string; slot_id: string; contribution: string; position: number; hidden: number }
  governance: GovernanceRow
  /** From which day on (ISO 8601) which number of inhabitants makes a commune a small one. */
  population_threshold: { valid_from: string; population: number; set_at: number; set_by: string }
  operator_grant: OperatorGrantRow
  grant_ticket: { ticket_hash: Uint8Array; grant_id: string; expires_at: number }
  share: ShareRow
  event_replay: ReplayRow
  /** When a store is looked through next for events that are kept no longer. */
  event_sweep: { tenant_id: string; plugin_id: string; next_at: number }
  /** Roles that a satellite gave to accounts of the tenant above. */
  guest_role: { satellite_id: string; account_id: string; role: string }
  /** What of a plugin may not run, on any node. */
  plugin_halt: PluginHaltRow
  /** Crashes of children, for a while; those that `counts` lead into quarantine. */
  plugin_crash: { id: Generated<number>; plugin_id: string; version: string; place: string; at: number; why: string; counts: number }
  /** When the operators were last told that calls of a tenant into a plugin are not tried. */
  breaker_notice: { tenant_id: string; plugin_id: string; told_at: number }
}

/** An operator's stop, or a quarantine. */
export interface PluginHaltRow {
  plugin_id: string
  /** Empty for every version. */
  version: string
  kind: 'stopped' | 'quarantined'
  since: number
  reason: string
  by_name: string
  /** When the operators were told by mail. */
  told_at: number | null
}

/** Who answers for a tenant, as the Pool knows it. */
export interface GovernanceRow {
  tenant_id: string
  /** Lower case. */
  official_email: string | null
  /** Whether the tenant wants to be asked before an operator enters. */
  approval_required: Generated<number>
  /** Who administered when it was last looked at: a change is told by comparing. */
  resolution_json: string | null
}

/** A Pool operator's leave to enter a tenant. */
export interface OperatorGrantRow {
  id: string
  tenant_id: string
  /** An account of the Pool. */
  account_id: string
  operator_name: string
  role: string
  /** 0: looks and changes nothing. */
  writes: number
  reason: string
  /** How long it holds once it is opened. */
  minutes: number
  requested_at: number
  requested_by: string
  /** A request that nobody answered until then lapses. */
  decide_by: number
  opened_at: number | null
  opened_by: string | null
  ends_at: number | null
  ended_at: number | null
  ended_by: string | null
  end_kind: 'closed' | 'refused' | 'expired' | 'lapsed' | null
}

/** A replay of events, as far as it has come. */
export interface ReplayRow {
  id: string
  tenant_id: string
  selection_json: string
  by_name: string
  started_at: number
  ended_at: number | null
  state: 'running' | 'done' | 'stopped' | 'failed'
  /** Id of the plugin whose events are gone through; empty at the beginning. */
  store: string
  /** Number of the last of them that was looked at. */
  position: number
  counts_json: string
  /** Events that were counted when it began. */
  total: number
  error: string | null
  /** The process that works on it, and until when it has said so. */
  lease_by: string
  lease_until: number
}

/** What a tenant shares with a satellite. */
export interface ShareRow {
  satellite_id: string
  parent_id: string
  /** `accounts`, or the id of a contract. */
  what: string
  /** JSON array of the permissions that calls from the satellite hold, by their full names. */
  permissions_json: string
  offered_at: number
  offered_by: string
  accepted_at: number | null
  accepted_by: string | null
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
  /** When it was shown that the address is the account's; `null` when it was not, or changed since. */
  email_proven_at: number | null
}

/** An application that answers elsewhere. */
export interface RemoteApplicationRow {
  /** Id of the plugin that it is here. */
  id: string
  /** Base of its addresses. */
  url: string
  /** Sealed. */
  secret: string
  /** Sealed: the one that was replaced last, which still opens. */
  previous_secret: string | null
  changed_at: number
  changed_by: string
}

/** A release that came in an archive. */
export interface ReleaseRow {
  id: string
  version: string
  /** `sha256-<base64>` of the archive. */
  digest: string
  manifest_json: string
  /** Where the archive came from, for people. */
  source: string
  /** Size of the archive. */
  bytes: number
  installed_at: number
  installed_by: string
}

/** A process that serves this platform, where there may be several. */
export interface NodeRow {
  id: string
  /** By the clock of the database, as every time here. */
  started_at: number
  /** When it last said that it lives. */
  beat_at: number
  /** Key of the lock that its connection holds as long as it lives. */
  lock_key: number
  host: string
  pid: number
  version: string
  /** Where it answers; `null` while it does not. */
  port: number | null
  /** How far its own clock is ahead of the database's, in milliseconds. */
  skew_ms: number
  /** What must be the same on all nodes, by the variable that decides it; of secrets a mark that says nothing of them. */
  marks_json: Generated<string>
  /** Host and port under which it answers; `null` while it does not. */
  address: Generated<string | null>
  /** What it is at, as `nodes/node-work.ts` says it. */
  work_json: Generated<string>
}

/** A change of an installation that is under way. */
export interface OperationRow {
  tenant_id: string
  plugin_id: string
  kind: 'enable' | 'disable' | 'upgrade' | 'rollback' | 'archive' | 'purge'
  phase: string
  from_version: string | null
  from_digest: string | null
  to_version: string | null
  to_digest: string | null
  snapshot_id: string | null
  detail_json: string | null
  started_at: number
  actor_kind: AuditRow['actor_kind']
  actor_id: string
  actor_name: string
  /** The node that is at it; `null` where there is only one, or nobody is. */
  node_id: string | null
}

/** A copy of a store; its files lie under `snapshots/` in the data folder. */
export interface SnapshotRow {
  id: string
  tenant_id: string
  plugin_id: string
  /** Of the release that ran then. */
  version: string
  digest: string | null
  reason: 'upgrade' | 'rollback'
  taken_at: number
  /** Of the database. The bytes of files are shared with the store. */
  bytes: number
  /** 0 when the plugin had stored nothing yet. */
  has_store: number
}

/** A plugin's state for one tenant. */
export interface InstallationRow {
  tenant_id: string
  plugin_id: string
  version: string
  /** Of the release's archive; `null` where it came in none. */
  digest: string | null
  state: 'activating' | 'active' | 'degraded' | 'upgrading' | 'rolling-back' | 'draining' | 'inactive' | 'migration-failed' | 'archived' | 'purged'
  since: number
  error: string | null
}

/** What a tenant has used of one kind, and who was warned of it. */
export interface QuotaUsageRow {
  tenant_id: string
  kind: 'storage' | 'events' | 'mails' | 'cpu'
  /** Calendar day in Paris, `2026-11-26`; empty for storage, which is counted on the disk. */
  day: string
  /** Number of that day; microseconds for `cpu`. */
  used: number
  /** Which warning was given: none, that of 80 %, that of all being used. */
  warned: 0 | 1 | 2
  /** Of which of them administrators were told by mail. */
  told: 0 | 1 | 2
}

/** What a tenant's administrator decided about one scope of a plugin, and who did. */
export interface ConsentRow {
  tenant_id: string
  plugin_id: string
  scope: string
  decision: 'granted' | 'refused'
  decided_at: number
  actor_kind: AuditRow['actor_kind']
  actor_id: string
  actor_name: string
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

/** The label that a release came with. */
export interface ReleaseLabelRow {
  id: string
  version: string
  /** Of the archive, hex. */
  sha256: string
  sha512: string
  /** The envelope, as it was signed. */
  label: string
  grade: string
  /** ISO 8601. */
  not_after: string
  taken_at: number
  taken_by: string
}

/** What an operator decided about a release whose label was suspended or revoked; `change_at` names which change of the list. */
export interface LabelDecisionRow {
  id: string
  version: string
  change_at: string
  decision: 'continue' | 'stop'
  reason: string
  decided_at: number
  by_name: string
}
