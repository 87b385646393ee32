import { Tabs, type Crumb } from '@liberacces/sdk/ui'
import type { FamiliesContext } from '../families-types.ts'

const TABS = [
  { key: 'households', path: '/gestion', permission: 'household.read' }, { key: 'requests', path: '/gestion/demandes', permission: 'household.write' },
  { key: 'schools', path: '/gestion/ecoles', permission: 'child.read' }, { key: 'alerts', path: '/gestion/alertes', permission: 'household.read' },
] as const

/** The parts of the Bureau's pages that the reader may open. */
export function BureauTabs({ c, current }: { readonly c: FamiliesContext; readonly current: (typeof TABS)[number]['key'] }) {
  return <Tabs label={c.t('page.title')} items={TABS.filter(({ permission }) => c.actor.can(permission)).map(({ key, path }) => ({ label: c.t(`tab.${key}`), href: c.url(path), current: key === current }))} />
}

/** The way to a page below the list of households. */
export function bureauCrumbs(c: FamiliesContext, household?: { readonly id: string; readonly name: string }): readonly Crumb[] {
  return [{ label: c.t('page.title'), href: c.url('/gestion') }, ...(household === undefined ? [] : [{ label: household.name, href: c.url(`/gestion/foyers/${household.id}`) }])]
}
