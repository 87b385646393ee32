import type { AnyCheck } from './check.ts'

/** The checks that somebody names. @returns the ids that no check has, when there are such */
export function chooseChecks(checks: readonly AnyCheck[], ids: readonly string[] | undefined): { readonly chosen: readonly AnyCheck[]; readonly unknown: readonly string[] } {
  if (ids === undefined) return { chosen: checks, unknown: [] }
  const asked = ids.map((id) => id.trim().toUpperCase()).filter((id) => id !== '')
  return { chosen: checks.filter(({ id }) => asked.includes(id)), unknown: asked.filter((id) => !checks.some((check) => check.id === id)) }
}
