import type { AuditActor } from '../audit/audit.ts'
import type { Principal } from './principal.ts'

/** Who acts, for the audit trail: an operator of the Pool under the grant that let them in, a call from a satellite in its name. */
export function actorOf({ principal: { kind, id, name, entry } }: { readonly principal: Principal }): AuditActor {
  switch (entry?.kind) {
    case 'grant': return { kind: 'operator', id, name, grant: entry.grantId }
    case 'share': return { kind: 'system', id, name }
    default: return { kind, id, name }
  }
}
