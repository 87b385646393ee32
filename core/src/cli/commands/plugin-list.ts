import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { reportReleases } from '../../health/release-reports.ts'
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
    if (tenant === undefined) await listCatalogue(platform, io)
    else await listInstallations(platform, tenant, io)
  },
}

/** Most tenants that are named; the others are counted. */
const MOST_NAMED = 20

async function listCatalogue({ catalogue, health, storage, tenants }: Platform, io: Io): Promise<void> {
  const reports = await reportReleases({ catalogue, health })
  const locks = Map.groupBy(
    await storage.platform.selectFrom('installation').innerJoin('tenant', 'tenant.id', 'installation.tenant_id')
      .select(['tenant.slug', 'plugin_id', 'version', 'state']).orderBy('tenant.slug').execute(),
    (row) => `${row.plugin_id}@${row.version}`)
  const ready = catalogue.manifests.map(({ id, version, path, title, license, publisher }) => {
    const report = reports.find((one) => one.pluginId === id && one.version === version)
    const using = locks.get(`${id}@${version}`) ?? []
    return {
      state: report?.state ?? 'ready' as const, pluginId: id, id, version, title, path, license, publisher,
      source: catalogue.source(id, version), digest: catalogue.digest(id, version) ?? null, loaded: catalogue.release(id, version) !== undefined,
      runtime: catalogue.runtime(id, version), pid: report?.pid ?? null, memoryBytes: report?.memoryBytes ?? null, restarts: report?.restarts ?? 0,
      group: report?.group === undefined ? null : { name: report.group.name, isApart: report.group.isApart, with: report.group.with.map((other) => ({ pluginId: other.pluginId, id: other.pluginId, version: other.version })) },
      used: catalogue.release(id, version)?.process?.used ?? [],
      halt: report?.halt === undefined ? null : { kind: report.halt.kind, version: report.halt.version ?? null, since: report.halt.since, reason: report.halt.reason, by: report.halt.by },
      breakers: (report?.breakers ?? []).map(({ tenantId, since, until, why }) => ({ tenant: tenants.byId(tenantId)?.info.slug ?? tenantId, since, until, why })),
      tenants: using.filter(({ state }) => state === 'active').length, usedBy: using.slice(0, MOST_NAMED).map(({ slug, state }) => ({ tenant: slug, state })),
    }
  }).sort((a, b) => a.id.localeCompare(b.id))
  const rejected = catalogue.rejected.map(({ source, problems }) => ({ state: 'rejected' as const, source, problems: problems.map(failureOf) }))
  io.answer([...ready, ...rejected], [
    textTable(['id', 'version', 'title', 'path', 'state', 'runtime', 'pid', 'memory', 'loaded', 'tenants', 'digest', 'source'],
      ready.map(({ id, version, title, path, state, breakers, runtime, group, pid, memoryBytes, loaded, tenants: count, digest, source }) => [
        id, version, title.fr, path, breakers.length > 0 ? `${state}, paused for ${breakers.length}` : state, group === null ? runtime : `${runtime} ${group.isApart ? `(apart from ${group.name})` : `(${group.name})`}`, pid ?? undefined, memoryBytes === null ? undefined : `${Math.round(memoryBytes / 1_000_000)} MB`, loaded, count, digest ?? '', source,
      ]), 'The catalogue is empty.'),
    ...rejected.map(({ source, problems }) => `Rejected: ${source}\n${problems.map(({ message, fix }) => `  ${message} ${fix}`).join('\n')}`),
  ].join('\n\n'))
}

async function listInstallations(platform: Platform, slug: string, io: Io): Promise<void> {
  const rows = await platform.installations.list(tenantOf(platform, slug).id)
  io.answer(rows.map((row) => ({ id: row.pluginId, ...row })), textTable(['id', 'version', 'state', 'since', 'error'],
    rows.map(({ pluginId, version, state, since, error }) => [pluginId, version, state, textTime(since), error]), `No plugin was ever switched on at ${slug}.`))
}
