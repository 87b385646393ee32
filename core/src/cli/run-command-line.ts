import { setTimeout as wait } from 'node:timers/promises'
import { PlatformError } from '../errors.ts'
import { runParsed } from './command-line.ts'
import type { CliCommand } from './command.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { migrateFiles } from './commands/migrate-files.ts'
import { migrateStorage } from './commands/migrate-storage.ts'
import { restore } from './commands/restore.ts'
import { serve } from './commands/serve.ts'
import { forwardCommand } from './control/control-client.ts'
import type { ControlRequest } from './control/control-message.ts'
import { holderOf } from './data-folder-holder.ts'
import { ioOn, type Streams } from './io.ts'
import { openPlatform } from './opened-platform.ts'
import { PLATFORM_COMMANDS } from './platform-commands.ts'
import { runnerOn } from './platform-runner.ts'
import { configOf, type Surroundings } from './surroundings.ts'

/** Every command, in the order of `--help`. */
export const COMMANDS: readonly CliCommand[] = [serve, demo, ...PLATFORM_COMMANDS, restore, migrateStorage, migrateFiles, doctor]

/** Longest a command waits for a server that has claimed the data folder and takes no commands yet, in milliseconds. */
const LONGEST_START_MS = 15_000

/**
 * Runs a command line: in the server of its data folder when one runs, so that what it holds in memory stays right, here
 * otherwise. Resolves to the exit code and never rejects.
 */
export function runCommandLine(argv: readonly string[], { env, folder }: Omit<Surroundings, 'options'>, streams: Streams): Promise<number> {
  return runParsed(COMMANDS, argv, streams, async (command, input, options) => {
    const surroundings = { env, folder, options }
    if (command.kind === 'local') return command.run(surroundings, input, ioOn(streams, options.json))
    const stdin = command.readsInput?.(input) === true ? await streams.input() : undefined
    const request = { argv: [...argv], folder: streams.folder, ...(stdin === undefined ? {} : { stdin }) }
    return await forwardWhenServed(configOf(surroundings).dataFolder, request, streams)
      ?? await runHere(surroundings, request, streams)
  })
}

async function runHere(surroundings: Surroundings, { argv, stdin }: ControlRequest, streams: Streams): Promise<number> {
  const platform = await openPlatform(surroundings, { quiet: 'silent' })
  try {
    return await runnerOn(platform)(argv, { ...streams, input: () => Promise.resolve(stdin ?? '') })
  } finally {
    await platform.stop()
  }
}

/** Forwards to the server of a data folder, also to one that is just starting; `undefined` when there is none. */
async function forwardWhenServed(dataFolder: string, request: ControlRequest, streams: Streams): Promise<number | undefined> {
  const start = performance.now()
  for (;;) {
    const exit = await forwardCommand(dataFolder, request, streams)
    if (exit !== undefined) return exit
    const holder = holderOf(dataFolder)
    if (holder === undefined) return undefined
    if (performance.now() - start > LONGEST_START_MS) {
      throw new PlatformError('DATA_LOCKED', `Process ${holder.pid} serves ${dataFolder} but takes no commands.`, { fix: 'Look at its log; stop it if it hangs.' })
    }
    await wait(100)
  }
}
