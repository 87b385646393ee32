import { resolve } from 'node:path'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { progressNotes } from '../progress-notes.ts'

/** `backup --out DIR [--since DIR]` */
export const backup: PlatformCommand = {
  kind: 'platform',
  name: 'backup',
  summary: 'copy the whole platform into a folder, while it works',
  define(command) {
    command.requiredOption('--out <dir>', 'a new or empty folder').option('--since <dir>', 'an older backup beside it: files that it has are not copied again')
  },
  async run(platform: Platform, { options: { out, since } }: Input<{ readonly out: string; readonly since?: string }, []>, io: Io) {
    const done = await platform.backup({ out: resolve(io.folder, out), ...(since === undefined ? {} : { since: resolve(io.folder, since) }), progress: progressNotes(io) })
    const pool = platform.tenants.pool()
    // Those who look at how the platform is run see that backups are made; where to is nobody's business there.
    if (pool !== undefined) await platform.audit.record({ tenantId: pool.id, actor: operator(), action: 'backup.made', target: 'platform', detail: { tenants: done.tenants, bytes: done.bytes } })
    io.answer(done, `Backed up ${done.tenants} tenants to ${done.out}: ${done.entries} files, ${done.bytes} bytes.`)
  },
}
