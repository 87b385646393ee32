import { Families, type ChildCard } from '@liberacces/plugin-families/contract'
import type { CanteenContext } from '../canteen-types.ts'

/** Children of one question. */
const AT_ONCE = 1_000

/** Cards of children as they are on a day, however many; those that are no more, and what is no id, are left out. */
export async function childrenById(c: CanteenContext, ids: Iterable<string>, on: string): Promise<ReadonlyMap<string, ChildCard>> {
  const wanted = [...new Set(ids)].filter((id) => id !== '' && id.length <= 200)
  const children = new Map<string, ChildCard>()
  for (let start = 0; start < wanted.length; start += AT_ONCE) for (const child of await c.use(Families).children({ ids: wanted.slice(start, start + AT_ONCE), on })) children.set(child.id, child)
  return children
}
