import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOf } from '../tenant-of.ts'

/** `tenant delete T --yes` */
export const tenantDelete: PlatformCommand = {
  kind: 'platform',
  name: 'tenant delete',
  summary: 'delete a tenant with all its data, for good; its audit trail stays',
  define(command) {
    command.argument('<tenant>', 'its slug').requiredOption('--yes', 'yes, delete it')
  },
  async run(platform: Platform, { args: [slug] }: Input<object, [string]>, io: Io) {
    const { id, info } = tenantOf(platform, slug)
    await platform.tenants.delete(slug, operator())
    io.answer({ id, slug, deleted: true }, `Deleted "${info.name}" (${slug}).`)
  },
}
