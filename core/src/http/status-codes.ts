import type { Code, PlatformError } from '../errors.ts'

/** HTTP status of the error codes that are not simply our fault, or a plugin's. */
const STATUS_OF_CODE: Readonly<Partial<Record<Code, number>>> = {
  DATA_LOCKED: 503,
  MANIFEST_INVALID: 422,
  PLUGIN_UNKNOWN: 404,
  PLUGIN_NEED_MISSING: 409,
  PLUGIN_NEED_CYCLE: 409,
  PLUGIN_VERSION_CONFLICT: 409,
  PLUGIN_PATH_TAKEN: 409,
  PLUGIN_NEEDED: 409,
  PLUGIN_NOT_ENTITLED: 403,
  PLUGIN_BUSY: 409,
  PLUGIN_SDK_UNSUPPORTED: 409,
  PLUGIN_CONSENT_NEEDED: 409,
  CONSENT_INVALID: 422,
  ARCHIVE_UNAVAILABLE: 404,
  ARCHIVE_INVALID: 422,
  RELEASE_IMMUTABLE: 409,
  RELEASE_IN_USE: 409,
  RELEASE_NOT_STORED: 507,
  PLUGIN_CALL_TIMEOUT: 504,
  SCOPE_REFUSED: 403,
  SERVICE_UNAVAILABLE: 503,
  FILE_TOO_LARGE: 413,
  FILE_TYPE_REFUSED: 415,
  QUOTA_EXCEEDED: 507,
  QUOTA_INVALID: 422,
  MAIL_INVALID: 422,
  TENANT_UNKNOWN: 404,
  TENANT_EXISTS: 409,
  TENANT_INVALID: 422,
  TENANT_NOT_EMPTY: 409,
  HOST_UNKNOWN: 404,
  ACCOUNT_UNKNOWN: 404,
  ACCOUNT_EXISTS: 409,
  ACCOUNT_INVALID: 422,
  ROLE_UNKNOWN: 422,
  LOGIN_FAILED: 401,
  LOGIN_THROTTLED: 429,
  AUTH_REQUIRED: 401,
  PERMISSION_DENIED: 403,
  READ_ONLY: 403,
  GRANT_INVALID: 422,
  GRANT_UNKNOWN: 404,
  GRANT_OVER: 409,
  TICKET_INVALID: 403,
  SHARE_INVALID: 422,
  SHARE_UNKNOWN: 404,
  SHARE_NEEDED: 409,
  ADMINISTRATOR_NEEDED: 409,
  CSRF_REFUSED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_INVALID: 400,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  SETTING_INVALID: 422,
  ROLE_INVALID: 422,
  PERMISSION_UNKNOWN: 422,
  UNAVAILABLE: 503,
}

/** HTTP status of an error: that of its code, and 429 for a quota that begins anew by itself. */
export function statusOfError({ code, retryAfterSeconds }: Pick<PlatformError, 'code' | 'retryAfterSeconds'>): number {
  return code === 'QUOTA_EXCEEDED' && retryAfterSeconds !== undefined ? 429 : statusOf(code)
}

/** HTTP status of an error code: 500 unless the table says otherwise. What a 5xx says stays in the log. */
export function statusOf(code: Code): number {
  return STATUS_OF_CODE[code] ?? 500
}
