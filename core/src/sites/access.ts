import { PlatformError } from '../errors.ts'
import type { RequestContext } from '../http/request-context.ts'
import { KERNEL_ID, MANAGE_ACCOUNTS, MANAGE_TENANTS } from '../identity/kernel-permissions.ts'
import type { Principal } from '../identity/principal.ts'

export const BUREAU_OPEN = `${KERNEL_ID}/bureau.open`
export const ACCOUNTS_MANAGE = MANAGE_ACCOUNTS
export const MODULES_MANAGE = `${KERNEL_ID}/modules.manage`
export const SETTINGS_MANAGE = `${KERNEL_ID}/settings.manage`
export const AUDIT_READ = `${KERNEL_ID}/audit.read`
export const EVENTS_MANAGE = `${KERNEL_ID}/events.manage`
export const TENANTS_MANAGE = MANAGE_TENANTS

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
