import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'

/** `plugin stop ID [--version V] --reason TEXT` */
export const pluginStop: PlatformCommand = {
  kind: 'platform',
  name: 'plugin stop',
  summary: 'stop a plugin at once, for all tenants on all nodes, until it is started again; no data is touched',
  define(command) {
    command.argument('<plugin>', 'its id').option('--version <version>', 'this version alone').requiredOption('--reason <text>', 'why, for those who come after you: it stands in the audit trail')
  },
  async run({ health }: Platform, { args: [id], options: { version, reason } }: Input<{ readonly version?: string; readonly reason: string }, [string]>, io: Io) {
    const halt = await health.halts.stop(id, version, reason, operator())
    io.answer({ pluginId: id, plugin: id, version: version ?? null, state: halt.kind, since: halt.since, reason: halt.reason }, `Stopped ${id}${version === undefined ? '' : ` ${version}`}. Start it again with \`liberacces plugin start ${id}${version === undefined ? '' : ` --version ${version}`}\`.`)
  },
}
