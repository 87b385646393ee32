import type { PlatformTables } from '../storage/platform-tables.ts'

/** What becomes of a table of the kernel when a tenant leaves, and why. */
export type Treatment =
  | {
    /** Its rows go along. `of` says how they are known to be the tenant's: by this column, or by that of their account. */
    readonly leaves: 'rows'
    readonly of: 'id' | 'tenant_id' | 'account_id'
    /** Columns in whose order the rows are written, so that the same content gives the same bytes. */
    readonly order: readonly string[]
    readonly because: string
  }
  | { readonly leaves: 'nothing'; readonly because: string }

/**
 * Every table of the kernel, in the order in which rows are brought in again: those first to which others refer. A table that is
 * missing here does not compile; one with a `tenant_id` that is only in the database fails the test.
 */
export const KERNEL_TABLES = {
  tenant: { leaves: 'rows', of: 'id', order: ['id'], because: 'It is the tenant: name, codes, population, since when.' },
  host: { leaves: 'rows', of: 'tenant_id', order: ['host'], because: 'Its own domain names go with it.' },
  account: { leaves: 'rows', of: 'tenant_id', order: ['id'], because: 'People keep their logins, passwords and ids, to which rows of plugins refer.' },
  role: { leaves: 'rows', of: 'tenant_id', order: ['id'], because: 'Roles that its administrator made.' },
  account_role: { leaves: 'rows', of: 'account_id', order: ['account_id', 'role'], because: 'Who has which role.' },
  role_permission: { leaves: 'rows', of: 'tenant_id', order: ['role', 'permission'], because: 'What its administrator decided that roles may do.' },
  installation: { leaves: 'rows', of: 'tenant_id', order: ['plugin_id'], because: 'Which plugin it runs, at which version: the lock.' },
  consent: { leaves: 'rows', of: 'tenant_id', order: ['plugin_id', 'scope'], because: 'What its administrator agreed to, and refused.' },
  consent_waiting: { leaves: 'nothing', because: 'It speaks of releases of the old platform that waited there.' },
  setting: { leaves: 'rows', of: 'tenant_id', order: ['plugin_id'], because: 'Its settings, of plugins and of the kernel.' },
  schedule: { leaves: 'rows', of: 'tenant_id', order: ['plugin_id', 'schedule_id'], because: 'When each schedule ran last: what was missed on the way is made up for once.' },
  layout: { leaves: 'rows', of: 'account_id', order: ['account_id', 'slot_id', 'position', 'contribution'], because: 'How people arranged their Bureau.' },
  governance: { leaves: 'rows', of: 'tenant_id', order: ['tenant_id'], because: 'Its official address, and whether it wants to be asked before an operator enters.' },
  audit: { leaves: 'rows', of: 'tenant_id', order: ['id'], because: 'Its history stays readable. Lines get new numbers in the same order.' },
  session: { leaves: 'nothing', because: 'People log in anew at the new place.' },
  api_token: { leaves: 'nothing', because: 'Whoever calls from outside is given a new token at the new address.' },
  login_failure: { leaves: 'nothing', because: 'It belongs to the platform, and is keyed by its secret.' },
  entitlement: { leaves: 'nothing', because: 'What a tenant may use is decided by the Pool it is under.' },
  quota_usage: { leaves: 'nothing', because: 'It is counted anew where it counts.' },
  operator_grant: { leaves: 'nothing', because: 'It names accounts of the old Pool. That they entered stands in the audit trail.' },
  grant_ticket: { leaves: 'nothing', because: 'It opens sessions of the old platform.' },
  share: { leaves: 'nothing', because: 'It is an agreement between two tenants of the old platform.' },
  guest_role: { leaves: 'nothing', because: 'It names accounts of another tenant.' },
  population_threshold: { leaves: 'nothing', because: 'It belongs to the platform.' },
  remote_application: { leaves: 'nothing', because: 'It says where an application answers for this platform, and by which secret.' },
  release: { leaves: 'nothing', because: 'Releases are installed for a platform; which of them the tenant runs stands in its lock.' },
  label_policy: { leaves: 'nothing', because: 'What this Pool asks of releases.' },
  label_trust: { leaves: 'nothing', because: 'Whom this platform trusts.' },
  release_label: { leaves: 'nothing', because: 'Labels of the releases of this platform.' },
  label_waiting: { leaves: 'nothing', because: 'Status lists of certifiers that this platform does not trust yet.' },
  label_decision: { leaves: 'nothing', because: 'What operators of this platform decided about its releases.' },
  operation: { leaves: 'nothing', because: 'A change of plugins that is under way. While there is one, the tenant is not exported.' },
  operation_ack: { leaves: 'nothing', because: 'It belongs to a change that is under way.' },
  wave: { leaves: 'nothing', because: 'Work of the operators of this platform, over all its tenants.' },
  node: { leaves: 'nothing', because: 'Processes of this platform.' },
  kept_file: { leaves: 'nothing', because: 'Archives of releases and ways back, which stay with this platform.' },
  kept_chunk: { leaves: 'nothing', because: 'Their content.' },
  plugin_halt: { leaves: 'nothing', because: 'What this platform does not let run.' },
  plugin_crash: { leaves: 'nothing', because: 'Processes of this platform.' },
  breaker_notice: { leaves: 'nothing', because: 'What operators of the old platform were told.' },
  snapshot: { leaves: 'nothing', because: 'Ways back to older releases of the old platform, with their files.' },
  event_replay: { leaves: 'nothing', because: 'Work of the old platform. What it has queued is in the databases of the plugins, and is delivered at the new place.' },
  event_sweep: { leaves: 'nothing', because: 'It says when the old platform tidies up.' },
  migration: { leaves: 'nothing', because: 'It is a copy of what each database says itself, and is made anew from it.' },
  dirty: { leaves: 'nothing', because: 'Every database that comes in is looked through for undelivered events.' },
  lock_fence: { leaves: 'nothing', because: 'It is about the nodes of this platform.' },
} as const satisfies Readonly<Record<keyof PlatformTables, Treatment>>

/** A table whose rows leave with the tenant. */
export interface LeavingTable {
  readonly name: keyof PlatformTables
  readonly of: 'id' | 'tenant_id' | 'account_id'
  readonly order: readonly string[]
}

/** The tables whose rows leave, in the order in which they are brought in again. */
export const LEAVING_TABLES: readonly LeavingTable[] = Object.entries(KERNEL_TABLES).flatMap(([name, treatment]) =>
  (treatment.leaves === 'rows' ? [{ name: name as keyof PlatformTables, of: treatment.of, order: treatment.order }] : []))
