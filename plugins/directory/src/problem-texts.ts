import type { Problem, Problems } from './checked.ts'
import type { DirectoryContext } from './directory-types.ts'

/** Problems as sentences in the reader's language, by field. */
export function problemTexts<Field extends string>(c: DirectoryContext, problems: Problems<Field>): { readonly [Name in Field]?: string } {
  const texts = Object.entries(problems).map(([field, problem]) => [field, c.t(`problem.${problem as Problem}`)])
  return Object.fromEntries(texts) as { readonly [Name in Field]?: string }
}
