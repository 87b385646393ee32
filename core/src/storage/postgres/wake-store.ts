/** Where the queue keeps its jobs, in the same database. */
export const QUEUE_SCHEMA = 'liberacces_queue'
/** The one kind of job: a store may have something to deliver. */
export const WAKE_TASK = 'wake'

/** Adds such a job. @param more - further arguments of the queue's own function, by name */
export function addWakeJob(tenant: string, plugin: string, more = ''): string {
  return `${QUEUE_SCHEMA}.add_job('${WAKE_TASK}', pg_catalog.json_build_object('tenant', ${tenant}, 'plugin', ${plugin})${more})`
}

/**
 * Says, inside the transaction that wrote something to deliver, that a store has it: to the node that carries the store's events, or, where
 * none does, by a job that any node may take. Who carries a store lets it go only in a transaction that has the store to itself, as the one that
 * calls this has: so what is read here holds until that is committed. Without a queue (no node has run yet) the mark alone stays, and is found.
 *
 * The third argument is the session of the node that runs the transaction, which knows by itself what it commits.
 */
export const WAKE_STORE = `
  create or replace function liberacces_internal.wake_store(tenant text, plugin text, here text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $body$
    declare who text;
    begin
      select d.carrier into who from liberacces.dirty d where d.tenant_id = tenant and d.plugin_id = plugin;
      if who is not null then
        if who is distinct from here then perform pg_notify(who, tenant || ' ' || plugin); end if;
        return;
      end if;
      insert into liberacces.dirty as d (tenant_id, plugin_id, due_at) values (tenant, plugin, 0)
        on conflict (tenant_id, plugin_id) do update set due_at = 0 where d.carrier is null and d.due_at <> 0;
      if to_regclass('${QUEUE_SCHEMA}._private_jobs') is not null then perform ${addWakeJob('tenant', 'plugin')}; end if;
    end
  $body$;

  -- For functions that any role can read: which tenant's store it is must not stand there.
  create or replace function liberacces_internal.wake_marked(mark text, here text) returns void language plpgsql set search_path = pg_catalog, pg_temp as $body$
    declare found record;
    begin
      select s.tenant_id, s.plugin_id into found from liberacces_internal.store s where s.mark = wake_marked.mark;
      perform liberacces_internal.wake_store(found.tenant_id, found.plugin_id, here);
    end
  $body$;
`
