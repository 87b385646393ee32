/** The 14 substances that cause allergies or intolerances: regulation (EU) 1169/2011, annex II, in its order; the codes are those of the plugin families. Each has a message `menus.allergen.<code>`. */
export const ALLERGENS = ['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soybeans', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs'] as const
/** One of them. */
export type Allergen = (typeof ALLERGENS)[number]

/** Whether a code is one of the 14. */
export function isAllergen(code: string): code is Allergen {
  return (ALLERGENS as readonly string[]).includes(code)
}
