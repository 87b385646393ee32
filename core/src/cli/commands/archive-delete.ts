import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `archive delete ARCHIVE --tenant T --yes` */
export const archiveDelete: PlatformCommand = {
  kind: 'platform',
  name: 'archive delete',
  summary: 'delete the archive of a purged plugin for good',
  define(command) {
    command.argument('<archive>', 'its id').addOption(tenantOption()).requiredOption('--yes', 'yes, delete it')
  },
  async run(platform: Platform, { args: [archiveId], options: { tenant } }: Input<{ readonly tenant: string }, [string]>, io: Io) {
    const { plugin, takenAt } = await platform.removal.deleteArchive(tenantOf(platform, tenant).id, archiveId, operator())
    io.answer({ tenant, archive: archiveId, pluginId: plugin.id, plugin, deleted: true }, `Deleted the archive of ${plugin.id} from ${takenAt}.`)
  },
}
