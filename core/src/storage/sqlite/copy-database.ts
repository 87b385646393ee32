import { open, mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { syncFile, syncFolder } from '../sync-folder.ts'

/** What is copied in memory, in bytes: a few milliseconds of this thread. Larger ones get a thread of their own, which takes 30 ms to start. */
const LARGEST_AT_ONCE = 4 * 1024 * 1024
const BUSY_TIMEOUT_MS = 5_000

/**
 * Copies a database as it is at one moment, while others write to it: through a connection of its own, whose read transaction the
 * write-ahead log lets stand beside any writer. Page by page, so that row numbers stay what they are (VACUUM may change them).
 * @param options - `thread` to choose by oneself whether it runs in a thread of its own
 */
export async function copyDatabase(from: string, to: string, options: { readonly thread?: boolean } = {}): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  const unfinished = `${to}.part`
  await rm(unfinished, { force: true })
  try {
    if (options.thread ?? await bytesOf(from) > LARGEST_AT_ONCE) await copyInThread(from, unfinished)
    else await copyAtOnce(from, unfinished)
    await rename(unfinished, to)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  await syncFolder(dirname(to))
}

async function bytesOf(path: string): Promise<number> {
  const log = await stat(`${path}-wal`).catch(() => undefined)
  return (await stat(path)).size + (log?.size ?? 0)
}

async function copyAtOnce(from: string, to: string): Promise<void> {
  // Never through the file system: closing a file gives up every lock that this process has on it, and with it SQLite's.
  const database = new Database(from, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
  let bytes: Buffer
  try {
    bytes = database.serialize()
  } finally {
    database.close()
  }
  const file = await open(to, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function copyInThread(from: string, to: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const thread = new Worker(new URL('./copy-database-thread.ts', import.meta.url), { workerData: { from, to, timeout: BUSY_TIMEOUT_MS } })
  thread.once('error', reject)
  thread.once('exit', (code) => {
    if (code === 0) resolve()
    else reject(new Error(`The thread that copied ${from} ended with ${code}.`))
  })
  await promise
  await syncFile(to)
}
