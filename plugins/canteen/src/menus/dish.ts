import { ALLERGENS, type Allergen } from './allergens.ts'

/** Meals, in the order of the day. */
export const MEALS = ['lunch', 'snack', 'picnic'] as const
/** One of them. */
export type Meal = (typeof MEALS)[number]
/** Courses, in the order in which they are served. */
export const COURSES = ['starter', 'main', 'side', 'dairy', 'dessert', 'bread', 'other'] as const
/** One of them. */
export type Course = (typeof COURSES)[number]
/** What a dish is made for. */
export const DIETS = ['vegetarian', 'no-salt', 'no-pork', 'no-added-sugar'] as const
/** One of them. */
export type Diet = (typeof DIETS)[number]
/** Official signs of quality and origin. */
export const SIQO = ['organic', 'aop', 'aoc', 'igp', 'stg', 'label-rouge'] as const
/** One of them. */
export type Siqo = (typeof SIQO)[number]

/** A dish of a menu. */
export interface Dish {
  readonly id: string
  readonly day: string
  readonly meal: Meal
  readonly course: Course
  readonly name: string
  readonly allergens: readonly Allergen[]
  readonly diets: readonly Diet[]
  readonly siqo: readonly Siqo[]
  readonly labels: string
  readonly changedAt: string
}

/** A dish from its row. Codes that this version does not know are left out. */
export function dishFrom(row: { readonly id: string; readonly day: string; readonly meal: Meal; readonly course: Course; readonly name: string; readonly allergens: string; readonly diets: string; readonly siqo: string; readonly labels: string; readonly changed_at: string }): Dish {
  return {
    id: row.id, day: row.day, meal: row.meal, course: row.course, name: row.name, labels: row.labels, changedAt: row.changed_at,
    allergens: known(ALLERGENS, row.allergens), diets: known(DIETS, row.diets), siqo: known(SIQO, row.siqo),
  }
}

function known<Code extends string>(codes: readonly Code[], text: string): readonly Code[] {
  const given = JSON.parse(text) as readonly unknown[]
  return codes.filter((code) => given.includes(code))
}

/** Dishes as they are served: by day, meal and course. */
export function inOrder(dishes: readonly Dish[]): readonly Dish[] {
  return dishes.toSorted((a, b) => (a.day === b.day ? MEALS.indexOf(a.meal) - MEALS.indexOf(b.meal) || COURSES.indexOf(a.course) - COURSES.indexOf(b.course) || (a.name < b.name ? -1 : 1) : a.day < b.day ? -1 : 1))
}

/**
 * Whether a week of school has a vegetarian menu, as article L. 230-5-6 of the code rural asks for at least once a week: a lunch whose starters, mains and sides are all
 * vegetarian. `undefined` for a week without a lunch.
 */
export function hasVegetarianDay(dishes: readonly Dish[]): boolean | undefined {
  const lunches = dishes.filter(({ meal, course }) => meal === 'lunch' && (course === 'starter' || course === 'main' || course === 'side'))
  const days = [...new Set(lunches.map(({ day }) => day))]
  if (days.length === 0) return undefined
  return days.some((day) => {
    const served = lunches.filter((dish) => dish.day === day)
    return served.some(({ course }) => course === 'main') && served.every(({ diets }) => diets.includes('vegetarian'))
  })
}
