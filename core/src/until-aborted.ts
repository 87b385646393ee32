/** Gives up waiting once the signal is aborted; what was waited for may still end, unheard. @throws the signal's reason */
export async function untilAborted<Result>(wanted: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => { reject(signal.reason as Error) }
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([wanted, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
