import type { PlatformCommand } from './command.ts'
import { accountCreate } from './commands/account-create.ts'
import { accountDisable } from './commands/account-disable.ts'
import { accountList } from './commands/account-list.ts'
import { archiveDelete } from './commands/archive-delete.ts'
import { archiveList } from './commands/archive-list.ts'
import { archiveRestore } from './commands/archive-restore.ts'
import { auditList } from './commands/audit-list.ts'
import { backup } from './commands/backup.ts'
import { consentAccept } from './commands/consent-accept.ts'
import { consentList } from './commands/consent-list.ts'
import { consentRefuse } from './commands/consent-refuse.ts'
import { disable } from './commands/disable.ts'
import { enable } from './commands/enable.ts'
import { entitlementGrant } from './commands/entitlement-grant.ts'
import { entitlementReset } from './commands/entitlement-reset.ts'
import { entitlementRevoke } from './commands/entitlement-revoke.ts'
import { entitlementShow } from './commands/entitlement-show.ts'
import { eventsDeadLetters } from './commands/events-dead-letters.ts'
import { eventsList } from './commands/events-list.ts'
import { eventsReplay } from './commands/events-replay.ts'
import { eventsReplays } from './commands/events-replays.ts'
import { eventsSearch } from './commands/events-search.ts'
import { eventsShow } from './commands/events-show.ts'
import { eventsTrace } from './commands/events-trace.ts'
import { gdprErase } from './commands/gdpr-erase.ts'
import { gdprExport } from './commands/gdpr-export.ts'
import { gdprRegister } from './commands/gdpr-register.ts'
import { grantClose } from './commands/grant-close.ts'
import { grantList } from './commands/grant-list.ts'
import { grantOpen } from './commands/grant-open.ts'
import { labelDecide, labelPolicy, labelShow, labelTrust, labelUntrust, labelUpdate } from './commands/label-commands.ts'
import { nodeList } from './commands/node-list.ts'
import { pluginAddRemote } from './commands/plugin-add-remote.ts'
import { pluginInstall } from './commands/plugin-install.ts'
import { pluginList } from './commands/plugin-list.ts'
import { pluginRemove } from './commands/plugin-remove.ts'
import { pluginRun } from './commands/plugin-run.ts'
import { pluginStart } from './commands/plugin-start.ts'
import { pluginStop } from './commands/plugin-stop.ts'
import { pluginVerify } from './commands/plugin-verify.ts'
import { purge } from './commands/purge.ts'
import { quotaSet } from './commands/quota-set.ts'
import { quotaShow } from './commands/quota-show.ts'
import { roleCreate, roleDelete, roleList, roleRename } from './commands/role-commands.ts'
import { shareList, shareStart, shareStop } from './commands/share-commands.ts'
import { tenantAdministrators } from './commands/tenant-administrators.ts'
import { rollback } from './commands/rollback.ts'
import { tenantCreate } from './commands/tenant-create.ts'
import { tenantDelete } from './commands/tenant-delete.ts'
import { tenantExport } from './commands/tenant-export.ts'
import { tenantImport } from './commands/tenant-import.ts'
import { tenantImportCommunes } from './commands/tenant-import-communes.ts'
import { tenantList } from './commands/tenant-list.ts'
import { tenantShow } from './commands/tenant-show.ts'
import { tokenList, tokenRevoke } from './commands/token-commands.ts'
import { tokenCreate } from './commands/token-create.ts'
import { upgrade } from './commands/upgrade.ts'
import { waveList, waveStop } from './commands/wave-commands.ts'

/** The commands that act on a platform, in the order of `--help`. */
export const PLATFORM_COMMANDS: readonly PlatformCommand[] = [
  tenantList, tenantCreate, tenantImportCommunes, tenantShow, tenantAdministrators, tenantDelete, tenantExport, tenantImport,
  pluginList, pluginInstall, pluginAddRemote, pluginVerify, pluginRun, pluginRemove, pluginStop, pluginStart, enable, disable, upgrade, rollback, waveList, waveStop,
  labelShow, labelPolicy, labelTrust, labelUntrust, labelUpdate, labelDecide,
  consentList, consentAccept, consentRefuse,
  purge, archiveList, archiveRestore, archiveDelete,
  entitlementShow, entitlementGrant, entitlementRevoke, entitlementReset, quotaShow, quotaSet,
  accountList, accountCreate, accountDisable, tokenList, tokenCreate, tokenRevoke,
  roleList, roleCreate, roleRename, roleDelete,
  grantList, grantOpen, grantClose, shareList, shareStart, shareStop,
  eventsList, eventsSearch, eventsShow, eventsTrace, eventsReplay, eventsReplays, eventsDeadLetters,
  auditList,
  gdprRegister, gdprExport, gdprErase,
  nodeList,
  backup,
]
