import { CATEGORIES, type AnyCheck } from './check.ts'

/** Checks as the catalogue has them, by category and number: those of a run stand in the order in which they are best run. */
export function inCatalogueOrder<C extends Pick<AnyCheck, 'id'>>(checks: readonly C[]): readonly C[] {
  const placeOf = ({ id }: C): number => CATEGORIES.findIndex((category) => id.startsWith(`${category}-`))
  return checks.toSorted((a, b) => placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : 1))
}
