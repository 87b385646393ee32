import { basename, join } from 'node:path'
import type { FileStore } from '../storage/files.ts'
import { filesBelow, statOf } from '../storage/folder-content.ts'
import type { StoreKey } from '../storage/storage.ts'

/** What lies somewhere. */
export interface DiskTrace {
  readonly count: number
  /** Bytes. */
  readonly bytes: number
}

/** What a plugin of a tenant has in the data folder, and where files lie, by place, looked up anew. */
export interface DiskTraces {
  /** The database, and what SQLite keeps beside it. */
  readonly databases: DiskTrace
  readonly files: DiskTrace
  readonly snapshots: DiskTrace
}

/** Walks the data folder, and where files lie. Archives are no trace: they are what is kept on purpose. */
export async function diskTraces(dataFolder: string, files: Pick<FileStore, 'amountOf' | 'holding'>, key: StoreKey): Promise<DiskTraces> {
  const { tenantId, pluginId } = key
  const database = `${pluginId}.sqlite`
  const snapshots = await traceOf(join(dataFolder, 'snapshots', tenantId, pluginId))
  return {
    databases: await traceOf(join(dataFolder, 'tenants', tenantId), (name) => name === database || name.startsWith(`${database}-`) || name.startsWith(`${database}.`)),
    files: await files.amountOf(key),
    snapshots: { ...snapshots, count: snapshots.count + (await files.holding(key)).length },
  }
}

async function traceOf(folder: string, counts: (name: string) => boolean = () => true): Promise<DiskTrace> {
  let count = 0
  let bytes = 0
  for (const path of await filesBelow(folder)) {
    if (!counts(basename(path))) continue
    const found = await statOf(path)
    if (found === undefined) continue
    count += 1
    bytes += found.size
  }
  return { count, bytes }
}
