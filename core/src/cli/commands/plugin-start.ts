import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'

/** `plugin start ID [--version V]` */
export const pluginStart: PlatformCommand = {
  kind: 'platform',
  name: 'plugin start',
  summary: 'let a plugin run again that was stopped, or that crashed too often',
  define(command) {
    command.argument('<plugin>', 'its id').option('--version <version>', 'this version alone')
  },
  async run({ health }: Platform, { args: [id], options: { version } }: Input<{ readonly version?: string }, [string]>, io: Io) {
    const over = await health.halts.start(id, version, operator())
    io.answer({ pluginId: id, plugin: id, started: over.map((halt) => ({ version: halt.version ?? null, was: halt.kind, since: halt.since })) },
      over.map((halt) => `${id}${halt.version === undefined ? '' : ` ${halt.version}`} was ${halt.kind === 'stopped' ? 'stopped' : 'in quarantine'} and may run again.`).join('\n'))
  },
}
