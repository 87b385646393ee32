import type { AuditActor } from '../audit/audit.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { InTurn } from '../in-turn.ts'
import { exportTenant, type Exported, type ExportOptions } from './export-tenant.ts'
import { importTenant, type Imported, type ImportOptions } from './import-tenant.ts'
import type { LeavingPorts } from './leaving-ports.ts'

/** Tenants that leave, and come back. One at a time: each takes the disk for itself. */
export interface Leaving {
  /** @see exportTenant */
  export(tenant: Tenant, options: ExportOptions, by: AuditActor): Promise<Exported>
  /** @see importTenant */
  import(options: ImportOptions, by: AuditActor): Promise<Imported>
}

/** Exports and imports of a platform. */
export function createLeaving(ports: LeavingPorts): Leaving {
  const turns = new InTurn()
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => turns.take('leaving', work)
  return {
    export: (tenant, options, by) => inTurn(() => exportTenant(ports, tenant, options, by)),
    import: (options, by) => inTurn(() => importTenant(ports, options, by)),
  }
}
