import type { Ground } from '../../kernel/ground.ts'

/** What the platform wrote down when the plugin failed in a request: its sentence, and the first lines of where. */
export function loggedFailure({ log }: Pick<Ground, 'log'>, traceId: string): { readonly message: string; readonly stack: readonly string[] } | undefined {
  const line = log.lines().find((one) => one.traceId === traceId && one.level === 'warn')
  const stack = (line?.['err'] as { readonly stack?: string } | undefined)?.stack
  return line === undefined ? undefined : { message: line.msg, stack: stack?.split('\n').slice(0, 3) ?? [] }
}
