import type { Code } from '../errors.ts'
import type { MessageKey } from './translate.ts'

/** Codes that say no more than their HTTP status does: the page of the status is theirs. */
type CodeByStatus = 'QUOTA_EXCEEDED' | 'HOST_UNKNOWN' | 'LOGIN_THROTTLED' | 'AUTH_REQUIRED' | 'PERMISSION_DENIED' | 'NOT_FOUND' | 'REQUEST_INVALID' | 'UNAVAILABLE' | 'INTERNAL'
type ExplainedCode = Exclude<Code, CodeByStatus>
type Advice = MessageKey extends infer Key ? (Key extends `error.advice.${infer Name}` ? Name : never) : never

/**
 * What to do about each code. Every code may reach a page (a plugin's call fails behind one, an administrator's deed is refused), so none is left out: one without
 * title and advice in both languages does not compile.
 */
const ADVICE = {
  CONFIG_INVALID: 'operator',
  NODE_UNSUPPORTED: 'operator',
  DATA_LOCKED: 'operator',
  MANIFEST_INVALID: 'publisher',
  PLUGIN_UNKNOWN: 'list',
  PLUGIN_LOAD_FAILED: 'publisher',
  PLUGIN_NEED_MISSING: 'needs',
  PLUGIN_NEED_CYCLE: 'publisher',
  PLUGIN_VERSION_CONFLICT: 'versions',
  PLUGIN_PATH_TAKEN: 'versions',
  PLUGIN_NEEDED: 'dependents',
  PLUGIN_IN_USE: 'dependents',
  PLUGIN_NOT_ENTITLED: 'pool',
  PLUGIN_BUSY: 'soon',
  PLUGIN_STATE: 'state',
  PLUGIN_DOWNGRADE: 'versions',
  REHEARSAL_NO_GO: 'rehearsal',
  UPGRADE_STOPPED: 'wave',
  ROLLBACK_IMPOSSIBLE: 'state',
  ROLLBACK_LOSES_DATA: 'loses',
  PLUGIN_SDK_UNSUPPORTED: 'versions',
  PLUGIN_CONSENT_NEEDED: 'consent',
  CONSENT_INVALID: 'consent',
  ARCHIVE_UNAVAILABLE: 'archive',
  ARCHIVE_INVALID: 'publisher',
  RELEASE_IMMUTABLE: 'publisher',
  RELEASE_IN_USE: 'dependents',
  RELEASE_DAMAGED: 'operator',
  RELEASE_NOT_STORED: 'room',
  LABEL_MISSING: 'label',
  LABEL_INVALID: 'label-file',
  LABEL_DIGEST: 'label',
  LABEL_ROOT_UNKNOWN: 'label',
  LABEL_SIGNATURES: 'label',
  LABEL_SIGNER: 'label',
  LABEL_DATES: 'label',
  LABEL_KERNEL: 'label',
  LABEL_STATUS_STALE: 'label-list',
  LABEL_REVOKED: 'label',
  LABEL_SUSPENDED: 'label',
  LABEL_GRADE: 'label',
  LABEL_LIST_REFUSED: 'label-file',
  LABEL_DECISION_INVALID: 'list',
  PLUGIN_ARCHIVE_INVALID: 'operator',
  PLUGIN_ARCHIVE_UNKNOWN: 'list',
  PURGE_INCOMPLETE: 'operator',
  PLUGIN_CALL_FAILED: 'publisher',
  PLUGIN_CALL_TIMEOUT: 'later',
  PLUGIN_ANSWER_INVALID: 'publisher',
  PLUGIN_ASK_INVALID: 'publisher',
  PLUGIN_MESSAGE_TOO_LARGE: 'less',
  SCOPE_MISSING: 'publisher',
  SCOPE_REFUSED: 'scope',
  EGRESS_REFUSED: 'egress',
  EGRESS_FAILED: 'later',
  REMOTE_UNAVAILABLE: 'remote',
  REMOTE_REFUSED: 'publisher',
  REMOTE_INVALID: 'publisher',
  SERVICE_UNAVAILABLE: 'needs',
  SERVICE_INPUT_INVALID: 'publisher',
  EVENT_UNKNOWN: 'needs',
  EVENT_INVALID: 'publisher',
  EVENT_UNFIT: 'publisher',
  REPLAY_INVALID: 'selection',
  EVENT_SECOND_TRANSACTION: 'publisher',
  EVENT_EXISTS: 'list',
  EVENT_UNDECLARED: 'publisher',
  MESSAGE_UNKNOWN: 'publisher',
  BOX_UNAVAILABLE: 'walls',
  DB_STATEMENT_REFUSED: 'publisher',
  DB_VALUE_INVALID: 'publisher',
  DB_TRANSACTION_OVER: 'publisher',
  DB_OUTSIDE_TRANSACTION: 'publisher',
  DB_UNAVAILABLE: 'later',
  DB_BUSY: 'soon',
  DB_TIMEOUT: 'later',
  DB_CONFLICT: 'again',
  STORE_INVALID: 'operator',
  PLUGIN_CHECK_WRITES: 'publisher',
  DISK_SPACE_LOW: 'room',
  DISK_UNWRITABLE: 'room',
  MOVE_FAILED: 'operator',
  MOVE_REFUSED: 'operator',
  MIGRATION_FAILED: 'publisher',
  FILE_TOO_LARGE: 'smaller',
  FILE_DAMAGED: 'operator',
  FILES_UNAVAILABLE: 'later',
  FILE_TYPE_REFUSED: 'type',
  QUOTA_INVALID: 'input',
  LOCK_LOST: 'again',
  MAIL_INVALID: 'input',
  MAIL_REFUSED: 'mail',
  TENANT_UNKNOWN: 'list',
  TENANT_EXISTS: 'input',
  TENANT_INVALID: 'input',
  TENANT_NOT_EMPTY: 'tenant-needed',
  TENANT_CHANGING: 'soon',
  EXPORT_FAILED: 'room',
  EXPORT_INVALID: 'archive',
  EXPORT_UNSUPPORTED: 'operator',
  IMPORT_PLUGIN_MISSING: 'operator',
  DISK_SPACE_MISSING: 'room',
  BACKUP_INVALID: 'operator',
  BACKUP_FAILED: 'operator',
  DATA_FOLDER_TAKEN: 'operator',
  ACCOUNT_UNKNOWN: 'list',
  ACCOUNT_EXISTS: 'input',
  ACCOUNT_INVALID: 'input',
  ROLE_UNKNOWN: 'list',
  ROLE_INVALID: 'input',
  PERMISSION_UNKNOWN: 'list',
  LOGIN_FAILED: 'login',
  READ_ONLY: 'read-only',
  CSRF_REFUSED: 'reload',
  GRANT_INVALID: 'input',
  GRANT_UNKNOWN: 'list',
  GRANT_OVER: 'grant',
  TICKET_INVALID: 'ticket',
  SHARE_INVALID: 'input',
  SHARE_UNKNOWN: 'list',
  SHARE_NEEDED: 'dependents',
  ADMINISTRATOR_NEEDED: 'administrator',
  METHOD_NOT_ALLOWED: 'reload',
  BODY_TOO_LARGE: 'smaller',
  MEDIA_TYPE_UNSUPPORTED: 'reload',
  SETTING_INVALID: 'input',
} as const satisfies Readonly<Record<ExplainedCode, Advice>>

/** How a code reads on a page: both are keys of texts. */
export interface ErrorWords {
  /** What is the matter, without a full stop. */
  readonly title: MessageKey
  /** What to do about it. */
  readonly advice: MessageKey
}

/** @returns `undefined` for a code that has no words of its own, and for what is no code */
export function errorWords(code: string): ErrorWords | undefined {
  return isExplained(code) ? { title: `error.code.${code}`, advice: `error.advice.${ADVICE[code]}` } : undefined
}

function isExplained(code: string): code is ExplainedCode {
  return Object.hasOwn(ADVICE, code)
}
