/** The 14 substances that cause allergies or intolerances: regulation (EU) 1169/2011, annex II, in its order. Each has a message `allergen.<code>`. */
export const ALLERGENS = [
  'gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soybeans', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs',
] as const
/** One of them. */
export type Allergen = (typeof ALLERGENS)[number]
