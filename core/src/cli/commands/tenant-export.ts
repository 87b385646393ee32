import { resolve } from 'node:path'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { progressNotes } from '../progress-notes.ts'
import { sealedSettings } from '../../settings/sealed-settings.ts'
import { tenantOf } from '../tenant-of.ts'

interface Options {
  readonly out: string
  /** commander: `--without-passwords`. */
  readonly withoutPasswords?: true
  readonly alone?: true
  readonly force?: true
}

/** `tenant export T --out FILE` */
export const tenantExport: PlatformCommand = {
  kind: 'platform',
  name: 'tenant export',
  summary: 'write all of a tenant to one archive, while it is used',
  define(command) {
    command
      .argument('<tenant>', 'its slug')
      .requiredOption('--out <file>', 'archive to write: .tar, or .tar.gz to compress it')
      .option('--without-passwords', 'leave the password hashes out; everyone will need a new one')
      .option('--force', 'replace the file where it is there already')
      .option('--alone', 'also when tenants stand below it, which are not in the archive')
  },
  async run(platform: Platform, { args: [slug], options }: Input<Options, [string]>, io: Io) {
    const tenant = tenantOf(platform, slug)
    const sealed = await sealedSettings(platform.storage, tenant.id)
    const done = await platform.leaving.export(tenant, {
      out: resolve(io.folder, options.out), passwords: options.withoutPasswords !== true, alone: options.alone === true, overwrite: options.force === true, progress: progressNotes(io),
    }, operator())
    if (done.missingFiles > 0) io.note(`${done.missingFiles} files that "${slug}" refers to were missing on this platform already; the archive cannot have them.`)
    if (sealed.length > 0) io.note(`Sealed by this server's secret, and to be set anew where the tenant goes: ${sealed.join(', ')}.`)
    io.answer({ tenant: slug, ...done, sealed }, `Exported "${slug}" to ${done.out}: ${done.entries} entries, ${done.size} bytes. Fingerprint: ${done.fingerprint}`)
  },
}
