type Command = (input: never) => unknown

/**
 * The other end of `Program`, in the process of the program: does what it is asked, one thing at a time, and ends when nobody is there
 * any more to ask.
 */
export function answerCommands(commands: Readonly<Record<string, Command>>, close: () => Promise<unknown>): void {
  const known: Readonly<Record<string, Command>> = {
    cpu: () => {
      const { user, system } = process.cpuUsage()
      return user + system
    },
    ...commands,
  }
  process.on('message', ({ id, command, input }: { readonly id: number; readonly command: string; readonly input: never }) => {
    const answer = async (): Promise<unknown> => known[command]?.(input)
    answer().then((result) => process.send?.({ id, result }), (error: unknown) => process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
  })
  process.on('disconnect', () => { void close().finally(() => process.exit()) })
}
