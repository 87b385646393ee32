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

/** Whether something of this likelihood happens. */
export function happens(chance: Chance, likelihood: number): boolean {
  return chance() < likelihood
}
