/** What the pages of families have in common. */
import type { Crumb } from '@liberacces/sdk/ui'
import type { FamiliesContext } from '../families-types.ts'
import { isOwnHousehold } from '../ownership.ts'
import type { Tables } from '../tables.ts'

/** The way to a page below "Ma famille". */
export function familyCrumbs(c: FamiliesContext): readonly Crumb[] {
  return [{ label: c.t('page.family'), href: c.url('/') }]
}

/** A child of the acting account's household; `undefined` for anybody else's. */
export async function ownChild(c: FamiliesContext, id: string): Promise<Tables['child'] | undefined> {
  const child = await c.db.selectFrom('child').selectAll().where('id', '=', id).executeTakeFirst()
  return child !== undefined && await isOwnHousehold(c, child.household_id) ? child : undefined
}

/** A child's name, first name first. */
export function nameOf(child: Pick<Tables['child'], 'first_name' | 'last_name'>): string {
  return `${child.first_name} ${child.last_name}`
}
