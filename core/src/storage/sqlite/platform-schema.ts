// Longer than others: a step once released is never changed, so all of them are read together, as the history of one database.

/** The kernel's own tables, as {@link ../platform-tables.ts} types them. One entry a version. */
export const PLATFORM_SCHEMA: readonly string[] = [`
  create table tenant (
    id text primary key,
    slug text not null unique,
    name text not null,
    kind text not null check (kind in ('pool', 'commune', 'satellite')),
    parent_id text references tenant (id),
    siren text,
    insee text,
    population integer,
    created_at integer not null
  ) strict;
  create index tenant_parent on tenant (parent_id);

  create table host (
    host text primary key,
    tenant_id text not null references tenant (id) on delete cascade
  ) strict, without rowid;
  create index host_tenant on host (tenant_id);

  create table account (
    id text primary key,
    tenant_id text not null references tenant (id) on delete cascade,
    login text not null,
    name text not null,
    email text,
    password_hash text not null,
    status text not null check (status in ('active', 'disabled')),
    created_at integer not null,
    last_login_at integer,
    unique (tenant_id, login)
  ) strict;

  create table session (
    token_hash blob primary key,
    account_id text not null references account (id) on delete cascade,
    tenant_id text not null references tenant (id) on delete cascade,
    created_at integer not null,
    expires_at integer not null
  ) strict, without rowid;
  create index session_account on session (account_id);
  create index session_tenant on session (tenant_id);
  create index session_expires on session (expires_at);

  create table api_token (
    id text primary key,
    token_hash blob not null unique,
    account_id text not null references account (id) on delete cascade,
    tenant_id text not null references tenant (id) on delete cascade,
    label text not null,
    created_at integer not null,
    expires_at integer
  ) strict;
  create index api_token_account on api_token (account_id);
  create index api_token_tenant on api_token (tenant_id);

  create table role (
    tenant_id text not null references tenant (id) on delete cascade,
    id text not null,
    title text not null,
    primary key (tenant_id, id)
  ) strict, without rowid;

  create table account_role (
    account_id text not null references account (id) on delete cascade,
    role text not null,
    primary key (account_id, role)
  ) strict, without rowid;

  create table role_permission (
    tenant_id text not null references tenant (id) on delete cascade,
    role text not null,
    permission text not null,
    granted integer not null check (granted in (0, 1)),
    primary key (tenant_id, role, permission)
  ) strict, without rowid;

  create table installation (
    tenant_id text not null references tenant (id) on delete cascade,
    plugin_id text not null,
    version text not null,
    state text not null check (state in ('activating', 'active', 'degraded', 'draining', 'inactive', 'migration-failed')),
    since integer not null,
    error text,
    primary key (tenant_id, plugin_id)
  ) strict, without rowid;
  create index installation_plugin on installation (plugin_id);

  create table setting (
    tenant_id text not null references tenant (id) on delete cascade,
    plugin_id text not null,
    value_json text not null,
    updated_at integer not null,
    primary key (tenant_id, plugin_id)
  ) strict, without rowid;

  -- No foreign key: what was done stays on record when who did it, or where, is gone.
  create table audit (
    id integer primary key autoincrement,
    tenant_id text not null,
    at integer not null,
    actor_kind text not null check (actor_kind in ('account', 'anonymous', 'system', 'operator')),
    actor_id text not null,
    actor_name text not null,
    plugin_id text,
    action text not null,
    target text not null,
    detail_json text,
    trace_id text
  ) strict;
  create index audit_tenant on audit (tenant_id, id);

  -- The next three speak of stores, which exist without a row in tenant too.
  create table migration (
    tenant_id text not null,
    plugin_id text not null,
    name text not null,
    applied_at integer not null,
    primary key (tenant_id, plugin_id, name)
  ) strict, without rowid;

  create table dirty (
    tenant_id text not null,
    plugin_id text not null,
    due_at integer not null,
    primary key (tenant_id, plugin_id)
  ) strict, without rowid;

  create table schedule (
    tenant_id text not null,
    plugin_id text not null,
    schedule_id text not null,
    next_at integer not null,
    last_at integer,
    last_error text,
    primary key (tenant_id, plugin_id, schedule_id)
  ) strict, without rowid;

  create table login_failure (
    key text primary key,
    failures integer not null,
    blocked_until integer not null,
    updated_at integer not null
  ) strict, without rowid;
  create index login_failure_updated on login_failure (updated_at);

  create table layout (
    account_id text not null references account (id) on delete cascade,
    slot_id text not null,
    contribution text not null,
    position integer not null,
    hidden integer not null check (hidden in (0, 1)),
    primary key (account_id, slot_id, contribution)
  ) strict, without rowid;
`, `
  -- Groupements stand between the Pool and their communes. SQLite changes no check of a column, so the table is made anew.
  create table tenant_anew (
    id text primary key,
    slug text not null unique,
    name text not null,
    kind text not null check (kind in ('pool', 'epci', 'commune', 'satellite')),
    parent_id text references tenant (id),
    siren text,
    insee text,
    population integer,
    created_at integer not null
  ) strict;
  insert into tenant_anew (id, slug, name, kind, parent_id, siren, insee, population, created_at)
    select id, slug, name, kind, parent_id, siren, insee, population, created_at from tenant;
  drop table tenant;
  alter table tenant_anew rename to tenant;
  create index tenant_parent on tenant (parent_id);
`, `
  -- Who answers for a tenant. No row: the Pool said nothing yet.
  create table governance (
    tenant_id text primary key references tenant (id) on delete cascade,
    official_email text,
    approval_required integer not null default 0 check (approval_required in (0, 1)),
    resolution_json text
  ) strict, without rowid;

  create table population_threshold (
    valid_from text primary key,
    population integer not null,
    set_at integer not null,
    set_by text not null
  ) strict, without rowid;

  alter table account add column email_proven_at integer;

  create table operator_grant (
    id text primary key,
    tenant_id text not null references tenant (id) on delete cascade,
    -- An account of the Pool. No foreign key: the grant stays on record.
    account_id text not null,
    operator_name text not null,
    role text not null,
    writes integer not null check (writes in (0, 1)),
    reason text not null,
    minutes integer not null,
    requested_at integer not null,
    requested_by text not null,
    decide_by integer not null,
    opened_at integer,
    opened_by text,
    ends_at integer,
    ended_at integer,
    ended_by text,
    end_kind text check (end_kind in ('closed', 'refused', 'expired', 'lapsed'))
  ) strict;
  create index operator_grant_tenant on operator_grant (tenant_id, requested_at);
  create index operator_grant_open on operator_grant (account_id) where ended_at is null;

  create table grant_ticket (
    ticket_hash blob primary key,
    grant_id text not null references operator_grant (id) on delete cascade,
    expires_at integer not null
  ) strict, without rowid;
  create index grant_ticket_grant on grant_ticket (grant_id);

  -- How somebody who has no account on the session's tenant came in: by a grant, or with an account of the tenant above.
  alter table session add column grant_id text references operator_grant (id) on delete cascade;
  alter table session add column home_id text references tenant (id) on delete cascade;
  create index session_grant on session (grant_id) where grant_id is not null;
  create index session_home on session (home_id) where home_id is not null;

  -- What a tenant shares with a satellite: its accounts, or a contract. In force when both sides said so.
  create table share (
    satellite_id text not null references tenant (id) on delete cascade,
    parent_id text not null references tenant (id) on delete cascade,
    what text not null,
    permissions_json text not null,
    offered_at integer not null,
    offered_by text not null,
    accepted_at integer,
    accepted_by text,
    primary key (satellite_id, what)
  ) strict, without rowid;
  create index share_parent on share (parent_id);

  -- Roles that a satellite gave to accounts of the tenant above.
  create table guest_role (
    satellite_id text not null references tenant (id) on delete cascade,
    account_id text not null references account (id) on delete cascade,
    role text not null,
    primary key (satellite_id, account_id, role)
  ) strict, without rowid;
  create index guest_role_account on guest_role (account_id);
`, `
  create table entitlement (
    tenant_id text primary key references tenant (id) on delete cascade,
    policy_json text not null
  ) strict, without rowid;

  create table quota_usage (
    tenant_id text not null references tenant (id) on delete cascade,
    kind text not null check (kind in ('storage', 'events', 'mails', 'cpu')),
    day text not null,
    used integer not null,
    warned integer not null default 0 check (warned in (0, 1, 2)),
    told integer not null default 0 check (told in (0, 1, 2)),
    primary key (tenant_id, kind)
  ) strict, without rowid;
`, `
  -- What a tenant's administrator decided about what a plugin may do.
  create table consent (
    tenant_id text not null references tenant (id) on delete cascade,
    plugin_id text not null,
    scope text not null,
    decision text not null check (decision in ('granted', 'refused')),
    decided_at integer not null,
    actor_kind text not null,
    actor_id text not null,
    actor_name text not null,
    primary key (tenant_id, plugin_id, scope)
  ) strict, without rowid;

  -- A release that waits for such a decision.
  create table consent_waiting (
    tenant_id text not null references tenant (id) on delete cascade,
    plugin_id text not null,
    version text not null,
    scopes_json text not null,
    since integer not null,
    primary key (tenant_id, plugin_id)
  ) strict, without rowid;
`, `
  -- Releases installed from archives, which lie under releases/ in the data folder.
  create table release (
    id text not null,
    version text not null,
    digest text not null,
    manifest_json text not null,
    source text not null,
    bytes integer not null,
    installed_at integer not null,
    installed_by text not null,
    primary key (id, version)
  ) strict, without rowid;
`, `
  -- Made anew: more states, and the digest of the release.
  create table installation_next (
    tenant_id text not null references tenant (id) on delete cascade,
    plugin_id text not null,
    version text not null,
    digest text,
    state text not null check (state in ('activating', 'active', 'degraded', 'upgrading', 'rolling-back', 'draining', 'inactive', 'migration-failed', 'archived', 'purged')),
    since integer not null,
    error text,
    primary key (tenant_id, plugin_id)
  ) strict, without rowid;
  insert into installation_next (tenant_id, plugin_id, version, digest, state, since, error) select tenant_id, plugin_id, version, null, state, since, error from installation;
  drop table installation;
  alter table installation_next rename to installation;
  create index installation_plugin on installation (plugin_id);

  -- Changes of installations that are under way: what a start finds here was interrupted.
  create table operation (
    tenant_id text not null references tenant (id) on delete cascade,
    plugin_id text not null,
    kind text not null check (kind in ('enable', 'disable', 'upgrade', 'rollback', 'archive', 'purge')),
    phase text not null,
    from_version text,
    from_digest text,
    to_version text,
    to_digest text,
    snapshot_id text,
    detail_json text,
    started_at integer not null,
    actor_kind text not null,
    actor_id text not null,
    actor_name text not null,
    primary key (tenant_id, plugin_id)
  ) strict, without rowid;

  create table snapshot (
    id text primary key,
    tenant_id text not null references tenant (id) on delete cascade,
    plugin_id text not null,
    version text not null,
    digest text,
    reason text not null check (reason in ('upgrade', 'rollback')),
    taken_at integer not null,
    bytes integer not null,
    has_store integer not null check (has_store in (0, 1))
  ) strict, without rowid;
  create index snapshot_store on snapshot (tenant_id, plugin_id, id);
`, `
  -- Several nodes exist on PostgreSQL alone; the tables are the same, so that a platform can move from one to the other.
  alter table operation add column node_id text;

  create table operation_ack (
    tenant_id text not null references tenant (id) on delete cascade,
    plugin_id text not null,
    started_at integer not null,
    node_id text not null,
    primary key (tenant_id, plugin_id, node_id)
  ) strict, without rowid;

  create table node (
    id text primary key,
    started_at integer not null,
    beat_at integer not null,
    lock_key integer not null,
    host text not null,
    pid integer not null,
    version text not null,
    port integer,
    skew_ms integer not null
  ) strict, without rowid;
`, `
  create table event_replay (
    id text primary key,
    tenant_id text not null references tenant (id) on delete cascade,
    selection_json text not null,
    by_name text not null,
    started_at integer not null,
    ended_at integer,
    state text not null check (state in ('running', 'done', 'stopped', 'failed')),
    store text not null,
    position integer not null,
    counts_json text not null,
    total integer not null,
    error text,
    lease_by text not null,
    lease_until integer not null
  ) strict, without rowid;
  create index event_replay_tenant on event_replay (tenant_id, started_at);
  create index event_replay_running on event_replay (started_at) where state = 'running';

  create table event_sweep (
    tenant_id text not null references tenant (id) on delete cascade,
    plugin_id text not null,
    next_at integer not null,
    primary key (tenant_id, plugin_id)
  ) strict, without rowid;
  create index event_sweep_next on event_sweep (next_at);
`, `
  alter table node add column marks_json text not null default '{}';

  -- What every node must reach and is no data of a plugin: archives of releases, copies from before changes. On SQLite they lie in the data folder.
  create table kept_file (
    id text primary key,
    name text unique,
    sha256 text,
    bytes integer not null,
    created_at integer not null
  ) strict, without rowid;

  create table kept_chunk (
    file_id text not null references kept_file (id) on delete cascade,
    number integer not null,
    content blob not null,
    primary key (file_id, number)
  ) strict;
`, `
  -- On PostgreSQL alone: the session of the node that carries the events of the store, and how often each lock was taken.
  alter table dirty add column carrier text;
  create table lock_fence (name text primary key, fence integer not null) strict, without rowid;

  -- The time for which a schedule ran last: no node runs it for that time again.
  alter table schedule add column last_due integer;
`, `
  create table plugin_halt (
    plugin_id text not null,
    version text not null,
    kind text not null check (kind in ('stopped', 'quarantined')),
    since integer not null,
    reason text not null,
    by_name text not null,
    told_at integer,
    primary key (plugin_id, version, kind)
  ) strict, without rowid;

  create table plugin_crash (
    id integer primary key autoincrement,
    plugin_id text not null,
    version text not null,
    place text not null,
    at integer not null,
    why text not null,
    counts integer not null
  ) strict;
  create index plugin_crash_release on plugin_crash (plugin_id, version, at);

  create table breaker_notice (
    tenant_id text not null references tenant (id) on delete cascade,
    plugin_id text not null,
    told_at integer not null,
    primary key (tenant_id, plugin_id)
  ) strict, without rowid;
`, `
  -- Applications that answer elsewhere, over HTTPS. Secrets are sealed.
  create table remote_application (
    id text primary key,
    url text not null,
    secret text not null,
    previous_secret text,
    changed_at integer not null,
    changed_by text not null
  ) strict, without rowid;
`, `
  -- On PostgreSQL alone: where a node answers, and what it is at.
  alter table node add column address text;
  alter table node add column work_json text not null default '{}';

  -- The node that runs a schedule just now. It holds for as long as the node lives.
  alter table schedule add column run_by text;
  create index schedule_running on schedule (run_by) where run_by is not null;

  -- The latest wave of each plugin; who runs it is left out once it has ended.
  create table wave (
    plugin_id text primary key,
    run_by text,
    stop_asked integer not null default 0,
    report_json text not null
  ) strict, without rowid;
`, `
  -- Labels of releases. What is trusted, and the newest list of each address, stand here as they were signed.
  create table label_policy (id text primary key, policy_json text not null) strict, without rowid;

  create table label_trust (
    kind text not null check (kind in ('root', 'status')),
    id text not null,
    version integer not null,
    envelope text not null,
    taken_at integer not null,
    taken_by text not null,
    primary key (kind, id)
  ) strict, without rowid;

  create table release_label (
    id text not null,
    version text not null,
    sha256 text not null,
    sha512 text not null,
    label text not null,
    grade text not null,
    not_after text not null,
    taken_at integer not null,
    taken_by text not null,
    primary key (id, version)
  ) strict, without rowid;

  create table label_decision (
    id text not null,
    version text not null,
    change_at text not null,
    decision text not null check (decision in ('continue', 'stop')),
    reason text not null,
    decided_at integer not null,
    by_name text not null,
    primary key (id, version, change_at)
  ) strict, without rowid;
`, `
  -- Status lists that came with labels of certifiers whom nobody trusts yet.
  create table label_waiting (
    id text not null,
    version text not null,
    status text not null,
    primary key (id, version)
  ) strict, without rowid;
`]
