import type { CanteenContext } from '../canteen-types.ts'
import { isAllergen } from './allergens.ts'

/** An allergen in words. One that this version does not know is said as it is. */
export function allergenText(c: Pick<CanteenContext, 't'>, code: string): string {
  return isAllergen(code) ? c.t(`menus.allergen.${code}`) : code
}
