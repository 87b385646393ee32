import type { CliCommand, Input } from './command.ts'
import { failureOf, reportFailure } from './failure.ts'
import type { Streams } from './io.ts'
import { parseCommandLine } from './program.ts'
import type { GlobalOptions } from './surroundings.ts'

/**
 * Reads a command line and runs what it asks for. Resolves to the exit code and never rejects: 0 done, 1 refused or failed,
 * 2 wrong usage.
 */
export async function runParsed<Command extends CliCommand>(
  commands: readonly Command[], argv: readonly string[], streams: Streams,
  run: (command: Command, input: Input<never, never>, options: GlobalOptions) => Promise<number>,
): Promise<number> {
  const found = parseCommandLine(commands, argv)
  if (found.kind === 'said') {
    if (found.out !== '') streams.out(found.out)
    if (found.err !== '') streams.err(found.err)
    return found.exit
  }
  try {
    return await run(found.command, found.input, found.options)
  } catch (error) {
    reportFailure(streams, failureOf(error), found.options.json)
    return 1
  }
}
