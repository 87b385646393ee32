import { PlatformError } from '../errors.ts'

/** One error that carries every problem, the first one's code, and all of them as its cause. @throws Error when there is none */
export function problemsAsOne(problems: readonly PlatformError[]): PlatformError {
  const [first, ...rest] = problems
  if (first === undefined) throw new Error('Something was refused without a problem.')
  if (rest.length === 0) return first
  return new PlatformError(first.code, problems.map(({ message }) => message).join('\n  '), { fix: [...new Set(problems.map(({ fix }) => fix))].join(' '), cause: new AggregateError(problems) })
}

/** The problems that an error carries; what is none of ours is thrown on. */
export function problemsIn(error: unknown): readonly PlatformError[] {
  const several = error instanceof PlatformError ? error.cause : error
  if (several instanceof AggregateError && several.errors.length > 0 && several.errors.every((one) => one instanceof PlatformError)) return several.errors
  if (error instanceof PlatformError) return [error]
  throw error
}
