import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { describeTenant } from '../tenant-description.ts'
import { tenantOf } from '../tenant-of.ts'
import { textFacts, textTable, textTime } from '../text-table.ts'

/** `tenant show T` */
export const tenantShow: PlatformCommand = {
  kind: 'platform',
  name: 'tenant show',
  summary: 'show a tenant and its plugins',
  define(command) {
    command.argument('<tenant>', 'its slug')
  },
  async run(platform: Platform, { args: [slug] }: Input<object, [string]>, io: Io) {
    const tenant = tenantOf(platform, slug)
    const description = describeTenant(platform, tenant)
    const plugins = await platform.installations.list(tenant.id)
    const lock = await platform.installations.lockOf(tenant.id)
    const snapshotBytes = await platform.installations.snapshots.bytesOf(tenant.id)
    const children = platform.tenants.childrenOf(tenant.id).map(({ info }) => info.slug)
    const { plugins: _active, hosts, ...facts } = description
    io.answer({ ...description, children, plugins, lock, snapshotBytes }, [
      textFacts({ ...facts, hosts: hosts.join(', '), children: children.length === 0 ? undefined : children.join(', ') }),
      textTable(['plugin', 'version', 'state', 'since', 'error'], plugins.map(({ pluginId, version, state, since, error }) => [pluginId, version, state, textTime(since), error]), 'No plugin was ever switched on here.'),
    ].join('\n\n'))
  },
}
