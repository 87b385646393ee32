import { textIn } from '../../localized-text.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable } from '../text-table.ts'

/** `gdpr register --tenant T` */
export const gdprRegister: PlatformCommand = {
  kind: 'platform',
  name: 'gdpr register',
  summary: 'the register of processing activities (GDPR, article 30), from what the plugins in use declare',
  define(command) {
    command.addOption(tenantOption())
  },
  async run(platform: Platform, { options: { tenant } }: Input<{ readonly tenant: string }>, io: Io) {
    const lines = platform.privacy.register(tenantOf(platform, tenant).id)
    io.answer(lines, textTable(
      ['plugin', 'table', 'purpose', 'basis', 'kept for days'],
      lines.map(({ plugin, table, purpose, basis, retentionDays }) => [textIn('en', plugin), table, textIn('en', purpose), basis, retentionDays ?? 'for good']),
      `No plugin in use at ${tenant} stores personal data.`,
    ))
  },
}
