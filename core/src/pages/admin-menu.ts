import type { MenuItem } from './shell.tsx'
import type { Translate } from './translate.ts'

const ITEMS = [
  ['/admin', 'admin.menu.home'],
  ['/admin/comptes', 'admin.menu.accounts'],
  ['/admin/roles', 'admin.menu.roles'],
  ['/admin/qui-administre', 'admin.menu.governance'],
  ['/admin/partages', 'admin.menu.shares'],
  ['/admin/interventions', 'admin.menu.grants'],
  ['/admin/modules', 'admin.menu.plugins'],
  ['/admin/quotas', 'admin.menu.quotas'],
  ['/admin/reglages', 'admin.menu.settings'],
  ['/admin/journal', 'admin.menu.audit'],
  ['/admin/evenements', 'admin.menu.events'],
] as const

/**
 * The menu of the administration.
 * @param path - of the page that is shown
 * @param isPool - leaves out what the Pool has no page for: nobody needs a grant to enter it
 */
export function adminMenu(t: Translate, path: string, isPool: boolean): readonly MenuItem[] {
  return ITEMS.filter(([href]) => !isPool || href !== '/admin/interventions').map(([href, key]) => ({ href, label: t(key), current: path === href || (href !== '/admin' && path.startsWith(`${href}/`)) }))
}
