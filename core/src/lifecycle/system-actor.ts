import type { AuditActor } from '../audit/audit.ts'

/** The platform itself, such as when a start finishes what was interrupted. */
export const SYSTEM: AuditActor = { kind: 'system', id: 'system', name: 'LiberAccès' }
