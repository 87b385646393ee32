import { resolve } from 'node:path'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { sealedSettings } from '../../settings/sealed-settings.ts'
import { progressNotes } from '../progress-notes.ts'
import { describeTenant } from '../tenant-description.ts'

interface Options {
  readonly as?: string
  readonly parent?: string
  readonly acceptScopes?: true
  readonly fingerprint?: string
}

/** `tenant import FILE [--as SLUG] [--parent T]` */
export const tenantImport: PlatformCommand = {
  kind: 'platform',
  name: 'tenant import',
  summary: 'bring in a tenant that a platform has exported: all of it, or nothing',
  define(command) {
    command
      .argument('<file>', 'the archive')
      .option('--as <slug>', 'another slug than it had')
      .option('--parent <slug>', 'tenant above it (default: the one it had, else the Pool)')
      .option('--accept-scopes', 'let newer releases do more than the tenant agreed to')
      .option('--fingerprint <sha256>', 'refuse another archive than the one whose export said this')
  },
  async run(platform: Platform, { args: [file], options }: Input<Options, [string]>, io: Io) {
    const { as, parent, acceptScopes = false, fingerprint } = options
    const { tenant, plugins, droppedHosts, ...rest } = await platform.leaving.import({
      file: resolve(io.folder, file), acceptScopes, progress: progressNotes(io),
      ...(as === undefined ? {} : { as }), ...(parent === undefined ? {} : { parent }), ...(fingerprint === undefined ? {} : { fingerprint }),
    }, operator())
    if (!rest.passwords) io.note('Its accounts came without passwords: give new ones.')
    const sealed = await sealedSettings(platform.storage, tenant.id)
    if (sealed.length > 0) io.note(`Sealed by the secret of the server that it comes from, and to be set anew unless this one has the same: ${sealed.join(', ')}.`)
    if (droppedHosts.length > 0) io.note(`Left behind, because they lie under this platform's own domain: ${droppedHosts.join(', ')}.`)
    io.answer({ ...describeTenant(platform, tenant), installed: plugins.map((one) => ({ pluginId: one.id, ...one })), droppedHosts, sealed, ...rest }, [
      `Imported "${tenant.info.name}" (${tenant.info.slug}), at ${tenant.hosts.join(', ')}: ${rest.entries} entries, ${rest.bytes} bytes.`,
      ...plugins.filter(({ version, before }) => version !== before).map(({ id, version, before }) => `${id}: ${before} is now ${version}.`),
    ].join('\n'))
  },
}
