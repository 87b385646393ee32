import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { countsText, previewText, purgedText } from '../removal-text.ts'
import { tenantOf } from '../tenant-of.ts'

interface Options {
  readonly tenant: string
  readonly yes?: boolean
}

/** `purge ID --tenant T [--yes]` */
export const purge: PlatformCommand = {
  kind: 'platform',
  name: 'purge',
  summary: 'archive a plugin that is off, and delete all it has at a tenant; without --yes, say what that is',
  define(command) {
    command.argument('<plugin>', 'its id').addOption(tenantOption()).option('--yes', 'yes, archive and delete it')
  },
  async run(platform: Platform, { args: [pluginId], options: { tenant, yes = false } }: Input<Options, [string]>, io: Io): Promise<1 | void> {
    const { id } = tenantOf(platform, tenant)
    if (yes) {
      const done = await platform.removal.purge(id, pluginId, operator())
      io.answer({ tenant, pluginId, purged: pluginId, ...done }, purgedText(done, tenant))
      return undefined
    }
    const preview = await platform.removal.preview(id, pluginId)
    if (preview.state === 'purged') {
      // Asked afresh: somebody wants to be sure.
      const { counts } = preview.traces
      io.answer({ tenant, ...preview }, `${pluginId} was purged at ${tenant}. Left of it:\n\n${countsText(counts)}`)
      return Object.values(counts).some((count) => count > 0) ? 1 : undefined
    }
    io.answer({ tenant, ...preview }, previewText(preview, tenant))
    io.note(preview.state === 'inactive' || preview.state === 'migration-failed' || preview.state === 'archived'
      ? 'Nothing was changed. To do it, repeat with --yes.'
      : `Nothing was changed. To do it, switch it off first (liberacces disable ${pluginId} --tenant ${tenant}), then repeat with --yes.`)
    return 1
  },
}
