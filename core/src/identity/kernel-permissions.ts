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

/** Opens the console of the whole Pool: held by `pool-admin` alone, and nobody can hand it out. */
export const MANAGE_TENANTS = `${KERNEL_ID}/tenants.manage`
/** Never taken from `tenant-admin` nor `pool-admin`: without it nobody could give anything back. */
export const MANAGE_ACCOUNTS = `${KERNEL_ID}/accounts.manage`

const ADMINS = ['tenant-admin', 'pool-admin'] as const

/** The kernel's own permissions. */
export const KERNEL_PERMISSIONS: readonly Permission[] = [
  { permission: `${KERNEL_ID}/bureau.open`, title: { fr: 'Ouvrir le Bureau virtuel', en: 'Open the virtual office' }, roles: ['agent', ...ADMINS] },
  { permission: MANAGE_ACCOUNTS, title: { fr: 'Gérer les comptes et les rôles', en: 'Manage accounts and roles' }, roles: ADMINS },
  { permission: `${KERNEL_ID}/modules.manage`, title: { fr: 'Activer et désactiver les modules', en: 'Switch modules on and off' }, roles: ADMINS },
  { permission: `${KERNEL_ID}/settings.manage`, title: { fr: 'Modifier les réglages', en: 'Change settings' }, roles: ADMINS },
  { permission: `${KERNEL_ID}/audit.read`, title: { fr: 'Consulter le journal d’audit', en: 'Read the audit trail' }, roles: ADMINS },
  { permission: `${KERNEL_ID}/events.manage`, title: { fr: 'Suivre et relancer les événements', en: 'Follow and replay events' }, roles: ADMINS },
  { permission: MANAGE_TENANTS, title: { fr: 'Administrer les collectivités du Pool', en: 'Manage the tenants of the Pool' }, roles: ['pool-admin'] },
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
