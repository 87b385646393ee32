import type { Context, Files } from '@liberacces/sdk'
import { PlatformError } from '../errors.ts'
import type { FileStore } from '../storage/files.ts'
import type { PluginStore, StoreData, StoreKey } from '../storage/storage.ts'
import type { ContextPorts } from './call-context.ts'
import type { CpuMeter } from './cpu-meter.ts'
import { createInlineRuntime } from './inline.ts'
import type { LoadedRelease } from './release.ts'
import type { Origin } from './runtime.ts'

/** Longest that a check may take, in milliseconds. */
const LIMIT_MS = 60_000

/** What a check runs with. */
export interface CheckDeps {
  /** What calls of plugins have otherwise. */
  readonly ports: ContextPorts
  readonly files: FileStore
  /** The settings of the tenant as this release understands them. */
  readonly settings: (tenantId: string, release: LoadedRelease) => Promise<unknown>
  readonly cpu: CpuMeter
  readonly accepted: (tenantId: string, pluginId: string) => ReadonlySet<string> | Promise<ReadonlySet<string>>
}

/**
 * Has a release look over data by its own `check`, as the platform itself and with nothing it could change.
 * @param from - who has the data: a copy, or the tenant's own
 * @throws PlatformError `PLUGIN_CALL_FAILED` with what the check threw as cause, `PLUGIN_CALL_TIMEOUT`
 */
export async function checkData({ ports, files, settings, cpu, accepted }: CheckDeps, release: LoadedRelease, origin: Origin, from: StoreData): Promise<void> {
  const { check } = release.plugin
  if (check === undefined) return
  const { id } = release.manifest
  const key = { tenantId: origin.tenant.id, pluginId: id }
  const own = release.plugin.settings === undefined ? {} : await settings(key.tenantId, release)
  const runtime = createInlineRuntime({
    ports: {
      ...ports,
      store: () => readOnly(id, from.store(key)),
      files: () => filesOf(id, key, from, files),
      client: () => undefined,
      fetch: () => Promise.reject(refusal(id, 'fetch')),
      audit: () => Promise.reject(refusal(id, 'audit')),
    },
    settings: () => own,
    accepted,
    cpu,
    // The answer to whoever upgrades says it.
    failed: () => undefined,
  })
  // An upgrade, and the rehearsal of one, is no use of the tenant's day.
  await runtime.call(release, { ...origin, beyondQuotas: true }, { what: 'check', limitMs: LIMIT_MS }, (c: Context) => (check as (c: Context) => void | Promise<void>)(c))
}

function readOnly(pluginId: string, store: PluginStore): PluginStore {
  return { stamp: () => store.stamp(), db: store.reading, reading: store.reading, transaction: () => Promise.reject(refusal(pluginId, 'c.transaction')) }
}

/** The files that the data refers to; their bytes lie with the tenant's own. */
function filesOf(pluginId: string, key: StoreKey, from: StoreData, files: FileStore): Files {
  return {
    put: () => Promise.reject(refusal(pluginId, 'files.put')),
    delete: () => Promise.reject(refusal(pluginId, 'files.delete')),
    async get(id) {
      const row = await from.kernelStore(key).selectFrom('liberacces_file').selectAll().where('id', '=', id).executeTakeFirst()
      if (row === undefined) return undefined
      const { name, type, size, sha256 } = row
      return { id, name, type, size, sha256, bytes: () => files.bytes(key, { sha256, size }) }
    },
  }
}

function refusal(pluginId: string, what: string): PlatformError {
  return new PlatformError('PLUGIN_CHECK_WRITES', `Plugin "${pluginId}" used ${what} in its check, which may only read.`, { fix: 'Read with c.db and c.files; bring data along in migrations.' })
}
