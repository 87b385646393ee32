/** The kernel's tables in each store, as {@link ../store-tables.ts} types them. One entry a version. */
export const STORE_SCHEMA: readonly string[] = [`
  create table liberacces_outbox (
    seq integer primary key autoincrement,
    id text not null unique,
    type text not null,
    subject text,
    time integer not null,
    data_json text not null,
    traceparent text,
    due_at integer not null default 0,
    state text not null default 'new'
  ) strict;
  -- Only of delayed events: the others are found at the table's end, and each index costs every writer a page.
  create index liberacces_outbox_delayed on liberacces_outbox (due_at) where state = 'new' and due_at > 0;

  create table liberacces_delivery (
    id integer primary key autoincrement,
    event_seq integer not null references liberacces_outbox (seq) on delete cascade,
    subscriber text not null,
    handler text not null,
    subject text,
    status text not null,
    attempts integer not null default 0,
    next_at integer not null,
    last_error text,
    updated_at integer not null
  ) strict;
  create index liberacces_delivery_event on liberacces_delivery (event_seq);
  create index liberacces_delivery_pending on liberacces_delivery (next_at) where status = 'pending';
  create index liberacces_delivery_waiting on liberacces_delivery (id) where status = 'waiting';
  create index liberacces_delivery_lane on liberacces_delivery (subscriber, handler, subject, id) where status in ('pending', 'waiting');

  create table liberacces_inbox (
    event_id text not null,
    handler text not null,
    accepted_at integer not null,
    primary key (event_id, handler)
  ) strict, without rowid;

  create table liberacces_file (
    id text primary key,
    name text not null,
    type text not null,
    size integer not null,
    sha256 text not null,
    created_at integer not null
  ) strict, without rowid;
  create index liberacces_file_sha256 on liberacces_file (sha256);

  create table liberacces_migration (
    name text primary key,
    applied_at integer not null
  ) strict, without rowid;
`,
// Numbers and ids of events as event-number.ts makes them: neither the table of what `autoincrement` has reached nor an index on
// every id is written with each event any more. What was there keeps its number and its id.
`
  create table liberacces_outbox_new (
    seq integer primary key,
    id text not null,
    id_given integer not null default 0,
    type text not null,
    subject text,
    time integer not null,
    data_json text not null,
    traceparent text,
    due_at integer not null default 0,
    state text not null default 'new'
  ) strict;
  insert into liberacces_outbox_new (seq, id, id_given, type, subject, time, data_json, traceparent, due_at, state)
    select seq, id, 1, type, subject, time, data_json, traceparent, due_at, state from liberacces_outbox order by seq;
  drop table liberacces_outbox;
  alter table liberacces_outbox_new rename to liberacces_outbox;
  create index liberacces_outbox_delayed on liberacces_outbox (due_at) where state = 'new' and due_at > 0;
  -- Only of ids that came from elsewhere: the others say which number their event has.
  create unique index liberacces_outbox_given on liberacces_outbox (id) where id_given = 1;

  create table liberacces_purged (
    one integer primary key check (one = 1),
    last_seq integer not null
  ) strict;
`,
// Why an event was written and by which release, what a delivery was queued by and called: nothing that is there has any of it.
`
  alter table liberacces_outbox add column release text;
  alter table liberacces_outbox add column tracestate text;
  alter table liberacces_outbox add column cause_event text;
  alter table liberacces_outbox add column cause_by text;
  -- Only of events that a handler emitted: a request pays nothing for it.
  create index liberacces_outbox_cause on liberacces_outbox (cause_event) where cause_event is not null;

  alter table liberacces_delivery add column replay text;
  alter table liberacces_delivery add column again text;
  alter table liberacces_delivery add column trail_json text;
  create index liberacces_delivery_dead on liberacces_delivery (subscriber, handler) where status = 'dead';
`]
