const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs something that shall clean up behind itself also when somebody stops it: the signals of an end abort it, and end nothing by themselves. */
export async function untilStopped<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopped = new AbortController()
  const stop = (): void => { stopped.abort() }
  for (const signal of SIGNALS) process.on(signal, stop)
  try {
    return await body(stopped.signal)
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop)
  }
}
