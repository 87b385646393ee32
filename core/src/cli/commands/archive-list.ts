import type { Platform } from '../../platform.ts'
import { bytesOf } from '../../removal/purge.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { tenantOption } from '../option-values.ts'
import { kilobytes } from '../removal-text.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable } from '../text-table.ts'

/** `archive list --tenant T` */
export const archiveList: PlatformCommand = {
  kind: 'platform',
  name: 'archive list',
  summary: 'list the archives of plugins that were purged at a tenant, newest first',
  define(command) {
    command.addOption(tenantOption())
  },
  async run(platform: Platform, { options: { tenant } }: Input<{ readonly tenant: string }>, io: Io) {
    const archives = await platform.removal.archives(tenantOf(platform, tenant).id)
    io.answer(archives.map((one) => ({ pluginId: one.plugin.id, ...one })), textTable(['id', 'plugin', 'version', 'taken', 'by', 'kB'],
      archives.map((one) => [one.id, one.plugin.id, one.plugin.version, one.takenAt, one.by, kilobytes(bytesOf(one))]), `No plugin was purged at ${tenant}.`))
  },
}
