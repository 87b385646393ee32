import type { Localized } from '@liberacces/sdk'

/** Id under which the kernel's own permissions and settings are named, as if it were a plugin. */
export const KERNEL_ID = 'fr.liberacces.kernel'

/** What a person may do, under its full name. */
export interface Permission {
  /** `<plugin id>/<permission>`. */
  readonly permission: string
  readonly title: Localized
  /** Roles that hold it until the administrator decides otherwise. */
  readonly roles: readonly string[]
}

/** Opens the Bureau virtuel. */
export const BUREAU_OPEN = `${KERNEL_ID}/bureau.open`
/** Never taken from `tenant-admin` nor `pool-admin`: without it nobody could give anything back. */
export const ACCOUNTS_MANAGE = `${KERNEL_ID}/accounts.manage`
/** Switches plugins on and off. */
export const MODULES_MANAGE = `${KERNEL_ID}/modules.manage`
/** Changes settings, of plugins too. */
export const SETTINGS_MANAGE = `${KERNEL_ID}/settings.manage`
/** Reads the audit trail, and metrics from elsewhere than this machine. */
export const AUDIT_READ = `${KERNEL_ID}/audit.read`
/** Follows and replays events. */
export const EVENTS_MANAGE = `${KERNEL_ID}/events.manage`
/** Reads what events say: personal data at times. No role holds it until an administrator says so, and each reading is in the audit trail. */
export const EVENTS_READ = `${KERNEL_ID}/events.read`
/** Reads how the platform is run, of the Pool alone: versions, labels, dates. No role holds it until an administrator says so. */
export const EVIDENCE_READ = `${KERNEL_ID}/evidence.read`
/** Opens the console of the whole Pool: held by `pool-admin` alone, and nobody can hand it out. */
export const TENANTS_MANAGE = `${KERNEL_ID}/tenants.manage`

const ADMINS = ['tenant-admin', 'pool-admin'] as const

/** The kernel's own permissions. */
export const KERNEL_PERMISSIONS: readonly Permission[] = [
  { permission: BUREAU_OPEN, title: { fr: 'Ouvrir le Bureau virtuel', en: 'Open the virtual office' }, roles: ['agent', ...ADMINS] },
  { permission: ACCOUNTS_MANAGE, title: { fr: 'Gérer les comptes et les rôles', en: 'Manage accounts and roles' }, roles: ADMINS },
  { permission: MODULES_MANAGE, title: { fr: 'Activer et désactiver les modules', en: 'Switch modules on and off' }, roles: ADMINS },
  { permission: SETTINGS_MANAGE, title: { fr: 'Modifier les réglages', en: 'Change settings' }, roles: ADMINS },
  { permission: AUDIT_READ, title: { fr: 'Consulter le journal d’audit', en: 'Read the audit trail' }, roles: ADMINS },
  { permission: EVENTS_MANAGE, title: { fr: 'Suivre et relancer les événements', en: 'Follow and replay events' }, roles: ADMINS },
  { permission: EVENTS_READ, title: { fr: 'Lire le contenu des événements', en: 'Read the content of events' }, roles: [] },
  { permission: EVIDENCE_READ, title: { fr: 'Lire les preuves d’exploitation du Pool', en: 'Read evidence of how the Pool is run' }, roles: [] },
  { permission: TENANTS_MANAGE, title: { fr: 'Administrer les collectivités du Pool', en: 'Manage the tenants of the Pool' }, roles: ['pool-admin'] },
]

/** Roles that exist on every tenant. */
export const BUILT_IN_ROLES: Readonly<Record<string, Localized>> = {
  'citizen': { fr: 'Usager', en: 'Citizen' },
  'agent': { fr: 'Agent', en: 'Agent' },
  'tenant-admin': { fr: 'Administrateur', en: 'Administrator' },
}

/** The role that exists on the Pool's tenant only. */
export const POOL_ADMIN = 'pool-admin'
/** Its title. */
export const POOL_ADMIN_TITLE: Localized = { fr: 'Administrateur du Pool', en: 'Administrator of the Pool' }
