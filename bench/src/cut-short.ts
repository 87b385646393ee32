const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Sees to it that a run never ends without a word: by a signal, or because nothing is left to wait for although somebody waits (a program
 * that died without closing its end, say; Node then ends by itself, with code 13).
 * @param say - gets what there is to say; synchronous, it is the last thing that happens
 * @param clear - stops what was started; awaited when a signal came
 * @returns stands down, when the run has ended as it should
 */
export function watchForCutShort(say: (why: string) => void, clear: () => Promise<void>): () => void {
  const exited = (code: number): void => {
    say(`It ended before it was through (exit code ${code}): something that was waited for never came.`)
    process.exitCode = 1
  }
  const signalled = (signal: NodeJS.Signals): void => {
    standDown()
    say(`It was cut short by ${signal}.`)
    void clear().finally(() => { process.exit(1) })
  }
  const standDown = (): void => {
    process.off('exit', exited)
    for (const signal of SIGNALS) process.off(signal, signalled)
  }
  process.on('exit', exited)
  for (const signal of SIGNALS) process.on(signal, signalled)
  return standDown
}
