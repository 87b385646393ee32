import type { RolledBack } from '../../lifecycle/rollback.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { stepNotes } from '../step-notes.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTime } from '../text-table.ts'

interface Options {
  readonly tenant: string
  readonly discardChanges?: boolean
}

/** `rollback ID --tenant T` */
export const rollback: PlatformCommand = {
  kind: 'platform',
  name: 'rollback',
  summary: 'put a plugin back to the release before its last upgrade, with data that this release knows',
  define(command) {
    command.argument('<plugin>', 'its id').addOption(tenantOption())
      .option('--discard-changes', 'go back also where what was written since the upgrade is lost')
  },
  async run(platform: Platform, { args: [pluginId], options: { tenant, discardChanges = false } }: Input<Options, [string]>, io: Io) {
    const done = await platform.installations.rollback(tenantOf(platform, tenant).id, pluginId, { discardChanges, by: operator(), step: stepNotes(io, tenant) })
    io.answer({ tenant, pluginId, plugin: pluginId, ...done }, `${tenant}: ${pluginId} is back at ${done.to} in ${done.ms} ms. ${dataOf(done)}`)
  },
}

function dataOf({ way, migrations, lostChanges, dataOf: takenAt }: RolledBack): string {
  switch (way) {
    case 'code': return 'Nothing had to be taken back: the data is as it is.'
    case 'down': return `The migrations ${migrations.join(', ')} were taken back: what was written since the upgrade is still there.`
    case 'snapshot': return `The data is that of ${takenAt === undefined ? 'then' : textTime(takenAt)}: ${lostChanges ? 'what was written since is gone.' : 'nothing was written since.'}`
    default: return way satisfies never
  }
}
