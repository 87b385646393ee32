/** Tables of the area menus. Lists are JSON texts of codes. */
import type { Course, Meal } from './dish.ts'
import type { Quality } from './egalim.ts'

/** See the file. */
export interface MenuTables {
  readonly dish: {
    readonly id: string; readonly day: string; readonly meal: Meal; readonly course: Course; readonly name: string
    readonly allergens: string; readonly diets: string; readonly siqo: string
    /** Labels beyond the official signs, as they are written. */
    readonly labels: string
    readonly changed_at: string
  }
  /** A week that everybody may read, by its Monday. */
  readonly published_week: { readonly monday: string; readonly published_at: string }
  /** Food bought, without VAT in integer cents: what the shares of the law EGalim are counted from. */
  readonly purchase: { readonly id: string; readonly day: string; readonly supplier: string; readonly label: string; readonly cents: number; readonly quality: Quality }
}
