import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { StoreKey, StoreMeter } from '../storage.ts'
import type { OpenFile } from './open-file.ts'

/** Keeps one file within a limit. */
export interface Growth {
  isLimited(): boolean
  /** To be awaited before a write; `undefined` when there is nothing to wait for. */
  ready(): Promise<void> | undefined
  /** Before a write: keeps the file from growing past what is left, whatever is written. */
  fence(file: OpenFile): void
  /** After it, however it ended. */
  unfence(file: OpenFile): void
  /** Before the commit. @param isAsked - may be refused @throws PlatformError `QUOTA_EXCEEDED` */
  settle(file: OpenFile, isAsked: boolean): void
  /** What a failure at the fence means. */
  explain(error: unknown, file: OpenFile): unknown
}

/** SQLite's own limit of pages, which is that of a file without a fence. */
const MOST_PAGES = 4_294_967_294
/** With less free on the disk, in bytes, a file that cannot grow is the disk's fault. */
const DISK_IS_FULL = 16 * 1_024 * 1_024

/**
 * How one store is kept within what its tenant may store. A fence stops a statement that would write without end; what a transaction has grown
 * by is asked for before it commits, so that stores that are written to at the same time never have the same room.
 */
export function storeGrowth(key: StoreKey, meterOf: () => StoreMeter | undefined): Growth {
  const { tenantId } = key
  return {
    isLimited: () => meterOf()?.isLimited(tenantId) === true,
    ready: () => meterOf()?.ready(tenantId),
    fence({ database }) {
      const room = meterOf()?.roomOf(tenantId)
      if (room !== undefined) database.pragma(`max_page_count = ${Math.min(MOST_PAGES, pragma(database, 'page_count') + Math.floor(room / pragma(database, 'page_size')))}`)
    },
    unfence({ database }) {
      if (database.open) database.pragma(`max_page_count = ${MOST_PAGES}`)
    },
    settle: (file, isAsked) => { meterOf()?.resize(key, file.bytes, isAsked) },
    explain(error, { database }) {
      if ((error as { readonly code?: unknown } | undefined)?.code !== 'SQLITE_FULL' || meterOf()?.roomOf(tenantId) === undefined || isDiskFull(database)) return error
      return meterOf()?.full(tenantId, error) ?? error
    },
  }
}

function isDiskFull(database: OpenFile['database']): boolean {
  const { bavail, bsize } = statfsSync(dirname(database.name))
  return bavail * bsize < DISK_IS_FULL
}

function pragma(database: OpenFile['database'], name: 'page_count' | 'page_size'): number {
  return Number(database.pragma(name, { simple: true }))
}
