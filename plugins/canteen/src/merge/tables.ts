/** What a merge of the plugin families made of ids. */
export const MERGED_KINDS = ['household', 'guardian', 'child'] as const
/** One of them. */
export type MergedKind = (typeof MERGED_KINDS)[number]

/** Tables of the area merge. */
export interface MergeTables {
  /** An id that is no more, and the one that took its place; that one may have been merged since. Ids alone, for events that come late or twice. */
  readonly family_merge: { readonly old_id: string; readonly new_id: string; readonly kind: MergedKind; readonly merged_at: string }
}
