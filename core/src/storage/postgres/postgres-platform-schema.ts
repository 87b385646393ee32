import { PLATFORM_SCHEMA } from '../sqlite/platform-schema.ts'
import { inPostgres } from './schema-in-postgres.ts'

/** Steps that make a table anew, which SQLite needs to change a check and PostgreSQL would refuse. By their place, from 0. */
const OTHERWISE: ReadonlyMap<number, string> = new Map([
  [1, `
    alter table tenant drop constraint tenant_kind_check;
    alter table tenant add constraint tenant_kind_check check (kind in ('pool', 'epci', 'commune', 'satellite'));
  `],
  [6, `
    alter table installation drop constraint installation_state_check;
    alter table installation add constraint installation_state_check check (state in ('activating', 'active', 'degraded', 'upgrading', 'rolling-back', 'draining', 'inactive', 'migration-failed', 'archived', 'purged'));
    alter table installation add column digest text collate "C";
    ${inPostgres(afterInstallation(PLATFORM_SCHEMA[6] ?? ''))}
  `],
])

/** The kernel's own tables: the same steps as with SQLite, so that a new one is written once. */
export const POSTGRES_PLATFORM_SCHEMA: readonly string[] = PLATFORM_SCHEMA.map((step, index) => OTHERWISE.get(index) ?? inPostgres(step))

function afterInstallation(step: string): string {
  const marker = 'create index installation_plugin on installation (plugin_id);'
  return step.slice(step.indexOf(marker) + marker.length)
}
