import { PackError } from '../pack/pack-error.ts'

/** What is wrong, a line each, with what to do where that is known. */
export function problemLines(error: unknown): readonly string[] {
  if (error instanceof PackError) return error.problems.flatMap((problem) => problem.split('\n'))
  if (error instanceof AggregateError) return error.errors.flatMap(problemLines)
  if (!(error instanceof Error)) return [String(error)]
  const { fix } = error as { readonly fix?: unknown }
  return [...error.message.split('\n'), ...(typeof fix === 'string' ? [fix] : [])]
}
