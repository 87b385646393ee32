/** Every code ever thrown. A retired one stays, marked, and is never reused. `docs/reference/errors.md` explains each. */
export const CODES = {
  // Configuration and start
  CONFIG_INVALID: 'An environment variable or option is wrong.',
  NODE_UNSUPPORTED: 'This version of Node.js cannot run the platform.',
  DATA_LOCKED: 'Another process runs on this data folder.',
  // Catalogue and plan
  MANIFEST_INVALID: 'A plugin declares something that is not allowed.',
  PLUGIN_UNKNOWN: 'No such plugin is in the catalogue.',
  PLUGIN_LOAD_FAILED: 'A plugin could not be loaded.',
  PLUGIN_NEED_MISSING: 'A plugin needs a contract or plugin that is not there.',
  PLUGIN_NEED_CYCLE: 'Plugins need each other in a circle.',
  PLUGIN_VERSION_CONFLICT: 'No version satisfies everyone who needs this plugin.',
  PLUGIN_PATH_TAKEN: 'Two plugins claim the same path, contract or endpoint.',
  PLUGIN_NEEDED: 'A plugin cannot be switched off while others need it.',
  PLUGIN_IN_USE: 'A plugin that is on somewhere is not taken away by itself.',
  PLUGIN_NOT_ENTITLED: 'The Pool does not let this tenant use the plugin.',
  PLUGIN_BUSY: 'A plugin had calls under way for too long, or is being changed already.',
  PLUGIN_STATE: 'A plugin is in a state in which this cannot be done.',
  PLUGIN_DOWNGRADE: 'An older release would not know the data.',
  REHEARSAL_NO_GO: 'A rehearsed upgrade would fail.',
  UPGRADE_STOPPED: 'An upgrade of many tenants stopped at failures.',
  ROLLBACK_IMPOSSIBLE: 'There is nothing to go back to.',
  ROLLBACK_LOSES_DATA: 'Going back would lose what was written since.',
  PLUGIN_SDK_UNSUPPORTED: 'A plugin was built for another SDK.',
  PLUGIN_CONSENT_NEEDED: 'A release asks for scopes that the administrator has not accepted yet.',
  CONSENT_INVALID: 'A decision about a scope that is not open to be decided.',
  // Archives of releases
  ARCHIVE_UNAVAILABLE: 'An archive could not be read or fetched.',
  ARCHIVE_INVALID: 'An archive holds something that is not allowed, or is damaged.',
  RELEASE_IMMUTABLE: 'A release of that version is installed already, with other content.',
  RELEASE_IN_USE: 'A release cannot be removed while tenants need it.',
  RELEASE_DAMAGED: 'An installed release is missing on disk, or is not what was installed.',
  RELEASE_NOT_STORED: 'A release could not be written to disk; nothing was installed.',
  // Labels
  LABEL_MISSING: 'A release has no label, and the Pool requires one.',
  LABEL_INVALID: 'A file is no sound label, bundle, status list or root of trust.',
  LABEL_DIGEST: 'A label is for another archive.',
  LABEL_ROOT_UNKNOWN: 'Nobody whose root of trust is trusted here signed this.',
  LABEL_SIGNATURES: 'A signature is missing or does not fit.',
  LABEL_SIGNER: 'Those who signed a label may not speak for its verifier.',
  LABEL_DATES: 'A label is not valid yet, or no longer.',
  LABEL_KERNEL: 'A label is for other versions of the platform.',
  LABEL_STATUS_STALE: 'What is known of labels is too old, and the Pool wants it fresh.',
  LABEL_REVOKED: 'The label of a release is revoked.',
  LABEL_SUSPENDED: 'The label of a release is suspended.',
  LABEL_GRADE: 'A label is of a lower grade than the Pool requires.',
  LABEL_LIST_REFUSED: 'A status list or root of trust is older than what is known, or contradicts it.',
  LABEL_DECISION_INVALID: 'There is nothing to decide about a release, or not in this way.',
  // Removal
  PLUGIN_ARCHIVE_INVALID: 'An archive of a removed plugin is damaged.',
  PLUGIN_ARCHIVE_UNKNOWN: 'No such archive of a removed plugin.',
  PURGE_INCOMPLETE: 'Something of a plugin is left after a purge.',
  // Plugin code
  PLUGIN_CALL_FAILED: 'Plugin code threw.',
  PLUGIN_CALL_TIMEOUT: 'Plugin code ran past its time.',
  PLUGIN_ANSWER_INVALID: 'Plugin code answered with something it did not declare.',
  PLUGIN_ASK_INVALID: 'A plugin asked the platform for something in a way that cannot be.',
  PLUGIN_MESSAGE_TOO_LARGE: 'What a plugin is to be given is more than crosses into its process.',
  SCOPE_MISSING: 'A plugin did what it did not ask for.',
  SCOPE_REFUSED: 'A plugin used an optional scope that the administrator has not granted.',
  EGRESS_REFUSED: 'A plugin wanted to reach an address that is not of the public internet, or without TLS.',
  EGRESS_FAILED: 'Whom a plugin wanted to reach did not answer, or not as it should.',
  REMOTE_UNAVAILABLE: 'A remote application did not answer, or not as the protocol says.',
  REMOTE_REFUSED: 'A remote application asked for something that it may not, or not now.',
  REMOTE_INVALID: 'A remote application cannot be added as it is.',
  SERVICE_UNAVAILABLE: 'No active plugin provides this service.',
  SERVICE_INPUT_INVALID: 'A service was called with input that does not fit its contract.',
  EVENT_UNKNOWN: 'No active plugin of the tenant knows this event.',
  EVENT_INVALID: 'An event does not fit its contract.',
  EVENT_UNFIT: 'A stored event does not fit what its handler expects.',
  REPLAY_INVALID: 'A selection of events to be replayed makes no sense, or is too large.',
  EVENT_SECOND_TRANSACTION: 'An event handler opened a second transaction.',
  EVENT_EXISTS: 'A store has an event of that id already.',
  EVENT_UNDECLARED: 'A plugin emits an event that it does not declare.',
  MESSAGE_UNKNOWN: 'A plugin asks for a message it does not have.',
  BOX_UNAVAILABLE: 'The process that a plugin is to run in could not be started behind the walls that it needs.',
  // Storage
  DB_STATEMENT_REFUSED: 'A plugin sent a statement that is not allowed.',
  DB_VALUE_INVALID: 'A value is of a kind that the database cannot hold.',
  DB_TRANSACTION_OVER: 'A transaction was used after it had ended.',
  DB_OUTSIDE_TRANSACTION: 'A handler used its database beside its own open transaction.',
  DB_UNAVAILABLE: 'The database cannot be reached.',
  DB_BUSY: 'The database, or the way there, was taken by others for too long.',
  DB_TIMEOUT: 'A statement ran past its time.',
  DB_CONFLICT: 'The database took back a transaction because others wrote the same at that moment.',
  STORE_INVALID: 'A file is no store of this platform, or one of a newer one.',
  PLUGIN_CHECK_WRITES: 'A plugin changed something in its check, which may only read.',
  DISK_SPACE_LOW: 'There is not enough room on the disk.',
  DISK_UNWRITABLE: 'The data folder cannot be written to.',
  MOVE_FAILED: 'After a move the data was not what it was before.',
  MOVE_REFUSED: 'The data cannot be moved as things are.',
  MIGRATION_FAILED: 'A migration failed; the tables are as before.',
  FILE_TOO_LARGE: 'A file is larger than allowed.',
  FILE_DAMAGED: 'The bytes of a stored file are missing, or not those that were stored.',
  FILES_UNAVAILABLE: 'What files lie on cannot be reached just now.',
  FILE_TYPE_REFUSED: 'A file is not of an accepted type.',
  QUOTA_EXCEEDED: 'A tenant has used up what the Pool grants it.',
  QUOTA_INVALID: 'A quota is no amount.',
  // Locks
  LOCK_LOST: 'A lock was lost while it was held.',
  // Mail
  MAIL_INVALID: 'A mail cannot be sent as it is.',
  MAIL_REFUSED: 'The mail server does not take a mail.',
  // Tenancy
  TENANT_UNKNOWN: 'No such tenant.',
  TENANT_EXISTS: 'A tenant of that name, host or code exists already.',
  TENANT_INVALID: 'A tenant is described wrongly.',
  TENANT_NOT_EMPTY: 'A tenant cannot be deleted while others depend on it.',
  HOST_UNKNOWN: 'No tenant answers at this address.',
  // Leaving and coming back
  TENANT_CHANGING: 'Plugins of a tenant are being changed.',
  EXPORT_FAILED: 'An export could not be written.',
  EXPORT_INVALID: 'A file is no complete, unchanged export of a tenant.',
  EXPORT_UNSUPPORTED: 'An export was written by a platform that this one does not understand.',
  IMPORT_PLUGIN_MISSING: 'A tenant needs releases of plugins that are not here.',
  DISK_SPACE_MISSING: 'There is not enough room on the disk.',
  BACKUP_INVALID: 'A folder is no complete, unchanged backup.',
  BACKUP_FAILED: 'A backup could not be made.',
  DATA_FOLDER_TAKEN: 'A data folder holds something already, or a restore that was cut short.',
  // Identity
  ACCOUNT_UNKNOWN: 'No such account.',
  ACCOUNT_EXISTS: 'An account of that login exists already.',
  ACCOUNT_INVALID: 'An account is described wrongly.',
  ROLE_UNKNOWN: 'No such role.',
  ROLE_INVALID: 'A role is described wrongly, or exists already.',
  PERMISSION_UNKNOWN: 'No such permission on this tenant.',
  LOGIN_FAILED: 'Login or password is wrong.',
  LOGIN_THROTTLED: 'Too many failed logins.',
  AUTH_REQUIRED: 'This needs a login.',
  PERMISSION_DENIED: 'This person may not do that.',
  READ_ONLY: 'This person, or this call, may look and change nothing.',
  CSRF_REFUSED: 'A request that changes something does not come from our own page.',
  // Delegation
  GRANT_INVALID: 'A grant for an operator is described wrongly.',
  GRANT_UNKNOWN: 'No such grant.',
  GRANT_OVER: 'A grant is over, or not open yet.',
  TICKET_INVALID: 'A ticket to enter a tenant was used, has run out, or is for elsewhere.',
  SHARE_INVALID: 'This cannot be shared, or not with that tenant.',
  SHARE_UNKNOWN: 'No such share.',
  SHARE_NEEDED: 'A share cannot be ended while plugins need it.',
  ADMINISTRATOR_NEEDED: 'A change would leave a tenant with nobody who administers it.',
  // HTTP
  NOT_FOUND: 'There is nothing here.',
  METHOD_NOT_ALLOWED: 'This address does not take that method.',
  REQUEST_INVALID: 'A request does not fit what is declared.',
  BODY_TOO_LARGE: 'A request is larger than allowed.',
  MEDIA_TYPE_UNSUPPORTED: 'A request has a content type that is not taken here.',
  SETTING_INVALID: 'A setting does not fit its schema.',
  UNAVAILABLE: 'The platform is starting or stopping, or a plugin is out of service.',
  INTERNAL: 'The platform failed. It is not the fault of who asked.',
} as const

/** A stable name for what went wrong. */
export type Code = keyof typeof CODES

/** What went wrong besides the sentence. */
export interface ErrorDetails extends ErrorOptions {
  /** What the reader can do about it. */
  readonly fix: string
  /** Field or place to its own sentence, for input that is wrong in several places. */
  readonly fields?: Readonly<Record<string, string>>
  /** Seconds after which a new try makes sense. */
  readonly retryAfterSeconds?: number
}

/** The one error of the platform: a stable code, who and what in the message, what to do in `fix`. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError'
  readonly code: Code
  readonly fix: string
  readonly fields: Readonly<Record<string, string>> | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: Code, message: string, details: ErrorDetails) {
    super(message, details)
    this.code = code
    this.fix = details.fix
    this.fields = details.fields
    this.retryAfterSeconds = details.retryAfterSeconds
  }
}
