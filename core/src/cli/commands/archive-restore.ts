import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `archive restore ARCHIVE --tenant T` */
export const archiveRestore: PlatformCommand = {
  kind: 'platform',
  name: 'archive restore',
  summary: 'put back the data, files, settings and decisions of a purged plugin; it is off then',
  define(command) {
    command.argument('<archive>', 'its id').addOption(tenantOption())
  },
  async run(platform: Platform, { args: [archiveId], options: { tenant } }: Input<{ readonly tenant: string }, [string]>, io: Io) {
    const { plugin } = await platform.removal.restore(tenantOf(platform, tenant).id, archiveId, operator())
    io.answer({ tenant, archive: archiveId, pluginId: plugin.id, plugin, state: 'inactive' }, `${plugin.id} ${plugin.version} is back at ${tenant}, and off. Switch it on with: liberacces enable ${plugin.id} --tenant ${tenant}`)
  },
}
