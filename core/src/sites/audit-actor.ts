import type { AuditActor } from '../audit/audit.ts'
import type { Origin } from '../runtime/runtime.ts'

/** Who acts, for the audit trail. */
export function actorOf({ principal }: Pick<Origin, 'principal'>): AuditActor {
  return { kind: principal.kind, id: principal.id, name: principal.name }
}
