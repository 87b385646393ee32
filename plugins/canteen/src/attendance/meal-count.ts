/** How many meals of what. No name of a child is in it. */

/** Meals of a school at a unit. */
export interface MealLine {
  readonly schoolId: string
  readonly school: string
  readonly unitId: string
  readonly unit: string
  readonly meals: number
  /** Meals among these for children with a PAI, by what they must do without. */
  readonly pai: readonly { readonly allergens: readonly string[]; readonly meals: number }[]
}

/** Meals of a day, ordered by school and unit. */
export type MealCount = readonly MealLine[]

/** A meal that is expected. */
export interface ExpectedMeal {
  readonly school: { readonly id: string; readonly name: string }
  readonly unit: { readonly id: string; readonly name: string }
  /** What a PAI forbids; `undefined` for a child without one. Allergies without a PAI are no matter of the kitchen's. */
  readonly pai: readonly string[] | undefined
}

/** Counts meals. */
export function countMeals(meals: readonly ExpectedMeal[]): MealCount {
  const lines = grouped(meals, ({ school, unit }) => JSON.stringify([school.name, unit.name, school.id, unit.id]))
  return [...lines].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, [first, ...more]]) => {
    const all = first === undefined ? [] : [first, ...more]
    const diets = grouped(all.flatMap(({ pai }) => (pai === undefined ? [] : [[...pai].toSorted()])), (allergens) => allergens.join(' '))
    return {
      schoolId: first?.school.id ?? '', school: first?.school.name ?? '', unitId: first?.unit.id ?? '', unit: first?.unit.name ?? '', meals: all.length,
      pai: [...diets].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => ({ allergens: group[0] ?? [], meals: group.length })),
    }
  })
}

/** All meals together. */
export function totalOf(count: MealCount): number {
  return count.reduce((sum, { meals }) => sum + meals, 0)
}

/** A line that is not what it was. */
export interface MealChange {
  readonly line: MealLine
  /** More than before, or less: meals of the line. A change of diets alone is 0. */
  readonly difference: number
}

/** What changed between two counts, line by line. A line that went is told with no meals. */
export function changesBetween(before: MealCount, now: MealCount): readonly MealChange[] {
  const key = ({ schoolId, unitId }: MealLine): string => JSON.stringify([schoolId, unitId])
  const [old, current] = [new Map(before.map((line) => [key(line), line])), new Map(now.map((line) => [key(line), line]))]
  return [...new Set([...current.keys(), ...old.keys()])].flatMap((one) => {
    const [was, is] = [old.get(one), current.get(one)]
    if (was !== undefined && is !== undefined && was.meals === is.meals && JSON.stringify(was.pai) === JSON.stringify(is.pai)) return []
    const line = is ?? (was === undefined ? undefined : { ...was, meals: 0, pai: [] })
    return line === undefined ? [] : [{ line, difference: (is?.meals ?? 0) - (was?.meals ?? 0) }]
  })
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}
