import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { limitOption, tenantOption, wholeNumber } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable, textTime } from '../text-table.ts'

interface Options {
  readonly tenant: string
  readonly limit: number
  readonly before?: number
  readonly action?: string
  readonly actor?: string
}

/** `audit list --tenant T` */
export const auditList: PlatformCommand = {
  kind: 'platform',
  name: 'audit list',
  summary: 'list the audit trail, newest first',
  define(command) {
    command
      .addOption(tenantOption())
      .addOption(limitOption())
      .option('--before <id>', 'only lines older than this one', wholeNumber(1, Number.MAX_SAFE_INTEGER))
      .option('--action <action>', 'only this action, such as plugin.enabled')
      .option('--actor <id>', 'only what this account did')
  },
  async run(platform: Platform, { options: { tenant, ...query } }: Input<Options>, io: Io) {
    const lines = await platform.audit.list(tenantOf(platform, tenant).id, query)
    io.answer(lines, textTable(
      ['id', 'time', 'who', 'kind', 'action', 'target', 'plugin'],
      lines.map(({ id, at, actor, action, target, pluginId }) => [id, textTime(at), actor.name, actor.kind, action, target, pluginId]),
      `The audit trail of ${tenant} has no such lines.`,
    ))
  },
}
