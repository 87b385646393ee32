import { PlatformError } from '../errors.ts'
import type { RequestContext } from '../http/request-context.ts'
import { ACCOUNTS_MANAGE, AUDIT_READ, EVENTS_MANAGE, MODULES_MANAGE, SETTINGS_MANAGE } from '../identity/kernel-permissions.ts'
import type { Principal } from '../identity/principal.ts'

const ADMINISTRATION = [ACCOUNTS_MANAGE, MODULES_MANAGE, SETTINGS_MANAGE, AUDIT_READ, EVENTS_MANAGE]

/** Whether a person has anything to do in the administration. */
export function opensAdministration(principal: Principal): boolean {
  return ADMINISTRATION.some((permission) => principal.permissions.has(permission))
}

/**
 * Lets in who holds a permission.
 * @throws PlatformError `AUTH_REQUIRED` without a login, `PERMISSION_DENIED` without the permission
 */
export function requirePermission({ principal }: RequestContext, permission: string): void {
  if (principal.permissions.has(permission)) return
  throw principal.kind === 'anonymous'
    ? new PlatformError('AUTH_REQUIRED', 'This needs a login.', { fix: 'Log in first.' })
    : new PlatformError('PERMISSION_DENIED', 'You do not have the permission this needs.', { fix: 'Ask an administrator of your organisation for it.' })
}
