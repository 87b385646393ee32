import type { Category, Day } from './lost-item.ts'

/** An item as stored. */
export interface ItemRow {
  readonly id: string
  /** What everyone may read: short, without what only the owner can know. */
  readonly label: string
  readonly category: Category
  readonly found_place: string
  readonly found_on: Day
  /** The last day on which it can be claimed. Kept with the item, so that a new setting changes no old promise. */
  readonly kept_until: Day
  /** What only the owner can know, to be asked for at the counter. */
  readonly details: string | null
  /** Who found it; `null` for someone who gave no name, and once the item is gone. */
  readonly finder_name: string | null
  readonly finder_email: string | null
  readonly returned_on: Day | null
  /** Label and place, as the search compares them. */
  readonly search_text: string
}

/** The plugin's tables. */
export interface Tables {
  readonly item: ItemRow
}
