import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { failureOf } from '../failure.ts'
import type { Io } from '../io.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable, textTime } from '../text-table.ts'

/** `plugin list [--tenant T]` */
export const pluginList: PlatformCommand = {
  kind: 'platform',
  name: 'plugin list',
  summary: 'list the plugins of the catalogue, or those of one tenant with their state',
  define(command) {
    command.option('--tenant <slug>', 'those that were ever switched on at this tenant')
  },
  async run(platform: Platform, { options: { tenant } }: Input<{ readonly tenant?: string }>, io: Io) {
    if (tenant === undefined) listCatalogue(platform, io)
    else await listInstallations(platform, tenant, io)
  },
}

function listCatalogue({ catalogue, tenants, installations }: Platform, io: Io): void {
  const ready = catalogue.manifests.map(({ id, version, path, title, license, publisher }) => {
    const release = catalogue.release(id, version)
    const active = release === undefined ? 0 : tenants.list().filter((tenant) => installations.modules(tenant.id).releases.includes(release)).length
    return { state: 'ready' as const, id, version, title, path, license, publisher, loaded: release !== undefined, tenants: active }
  }).sort((a, b) => a.id.localeCompare(b.id))
  const rejected = catalogue.rejected.map(({ source, problems }) => ({ state: 'rejected' as const, source, problems: problems.map(failureOf) }))
  io.answer([...ready, ...rejected], [
    textTable(['id', 'version', 'title', 'path', 'loaded', 'tenants'], ready.map(({ id, version, title, path, loaded, tenants: count }) => [id, version, title.fr, path, loaded ? 'yes' : 'no', count]), 'The catalogue is empty.'),
    ...rejected.map(({ source, problems }) => `Rejected: ${source}\n${problems.map(({ message, fix }) => `  ${message} ${fix}`).join('\n')}`),
  ].join('\n\n'))
}

async function listInstallations(platform: Platform, slug: string, io: Io): Promise<void> {
  const rows = await platform.installations.list(tenantOf(platform, slug).id)
  io.answer(rows, textTable(['id', 'version', 'state', 'since', 'error'],
    rows.map(({ pluginId, version, state, since, error }) => [pluginId, version, state, textTime(since), error]), `No plugin was ever switched on at ${slug}.`))
}
