import { userInfo } from 'node:os'
import type { AuditActor } from '../audit/audit.ts'

/** The person at the command line, for the audit trail: the system's user, since the platform knows no other. */
export function operator(): AuditActor {
  const name = systemUser()
  return { kind: 'operator', id: name, name }
}

function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    // In a container the user often has no entry in /etc/passwd.
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
