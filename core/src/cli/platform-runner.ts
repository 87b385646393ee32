import type { Platform } from '../platform.ts'
import { runParsed } from './command-line.ts'
import type { CommandRunner } from './control/control-server.ts'
import { ioOn } from './io.ts'
import { PLATFORM_COMMANDS } from './platform-commands.ts'

/** Runs command lines on a platform that is open already, such as those that arrive at a server's control socket. */
export function runnerOn(platform: Platform): CommandRunner {
  return (argv, streams) => runParsed(PLATFORM_COMMANDS, argv, streams, async (command, input, { json }) => {
    return await command.run(platform, input, ioOn(streams, json)) ?? 0
  })
}
