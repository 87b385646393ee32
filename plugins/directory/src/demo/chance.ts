/** Chance from 0 (included) to 1 (excluded), handed in from outside. */
export type Chance = () => number

/** An integer between two, both included. */
export function integer(chance: Chance, least: number, most: number): number {
  return least + Math.floor(chance() * (most - least + 1))
}

/** One of a list. */
export function pick<Item>(chance: Chance, list: readonly [Item, ...Item[]]): Item {
  return list[integer(chance, 0, list.length - 1)] ?? list[0]
}

/** The list in another order (Fisher and Yates). */
export function shuffled<Item>(chance: Chance, list: readonly Item[]): readonly Item[] {
  const items = [...list]
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = integer(chance, 0, index)
    ;[items[index], items[other]] = [items[other] as Item, items[index] as Item]
  }
  return items
}
