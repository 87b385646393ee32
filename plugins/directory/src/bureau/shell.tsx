import { Tabs, type Crumb } from '@liberacces/sdk/ui'
import type { DirectoryContext } from '../directory-types.ts'

/** What an agent manages. */
export type Section = 'people' | 'services' | 'associations'

/** Links between the three lists of the Bureau. */
export function SectionTabs({ c, current }: { readonly c: DirectoryContext; readonly current: Section }) {
  const items = [
    { section: 'people', label: c.t('manage.people'), href: c.url('/gestion') },
    { section: 'services', label: c.t('manage.services'), href: c.url('/gestion/services') },
    { section: 'associations', label: c.t('manage.associations'), href: c.url('/gestion/associations') },
  ] as const
  return <Tabs label={c.t('manage.sections')} items={items.map(({ section, label, href }) => ({ label, href, current: section === current }))} />
}

/** The way from the list of people to a page below it. */
export function peopleCrumbs(c: DirectoryContext): readonly Crumb[] {
  return [{ label: c.t('page.manage'), href: c.url('/gestion') }]
}
