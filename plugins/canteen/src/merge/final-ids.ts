/** Where ids lead that were merged, once or several times over. Pure. */
import type { MergeTables } from './tables.ts'

type Alias = Pick<MergeTables['family_merge'], 'old_id' | 'new_id' | 'kind'>

/** An id that is no more, and the one that everything of it belongs to now. */
export interface Moved { readonly from: string; readonly to: string; readonly kind: MergeTables['family_merge']['kind'] }

/**
 * Moves that are to be made after some ids were merged: of these, and of all that led to them before. In whatever order the merges were told, the end is the same.
 * A circle, which no sequence of merges makes, leads nowhere and is left out.
 */
export function movesOf(aliases: readonly Alias[], ids: readonly string[]): readonly Moved[] {
  const next = new Map(aliases.map(({ old_id: from, new_id: to }) => [from, to]))
  const wanted = new Set(ids)
  return aliases.flatMap(({ old_id: from, kind }) => {
    const seen = new Set([from])
    let concerned = wanted.has(from)
    let to = from
    for (let id = next.get(from); id !== undefined; id = next.get(id)) {
      if (seen.has(id)) return []
      seen.add(id)
      concerned ||= wanted.has(id)
      to = id
    }
    return concerned && to !== from ? [{ from, to, kind }] : []
  })
}
