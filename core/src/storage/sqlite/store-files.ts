import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { StoreKey } from '../storage.ts'
import { syncFolder } from '../sync-folder.ts'

// Both come from the kernel's tables; this keeps a mistake there from reaching outside the folder.
const FOLDER_SAFE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
const ENDING = '.sqlite'

/** Where stores lie: `<folder>/tenants/<tenant id>/<plugin id>.sqlite`. */
export class StoreFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = join(folder, 'tenants')
  }

  /** @throws TypeError when an id could not be a file's name */
  pathOf(key: StoreKey): string {
    for (const id of [key.tenantId, key.pluginId]) {
      if (!FOLDER_SAFE.test(id)) throw new TypeError(`"${id}" cannot name a store: use letters, digits, ".", "_" and "-".`)
    }
    return join(this.#folder, key.tenantId, key.pluginId + ENDING)
  }

  /** Makes the folder of a store's file, so that it survives a power cut. */
  prepare(path: string): void {
    const folder = dirname(path)
    if (existsSync(folder)) return
    mkdirSync(folder, { recursive: true })
    const parent = openSync(this.#folder, 'r')
    try {
      fsyncSync(parent)
    } finally {
      closeSync(parent)
    }
  }

  /** Stores of a tenant that exist, in the order of their plugins' ids. */
  listOf(tenantId: string): readonly StoreKey[] {
    const folder = this.#folderOf(tenantId)
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => ({ tenantId, pluginId: name.slice(0, -ENDING.length) }))
      .toSorted((a, b) => (a.pluginId < b.pluginId ? -1 : 1))
  }

  /** Bytes of a store's database; 0 when there is none. */
  sizeOf(key: StoreKey): number {
    return statSync(this.pathOf(key), { throwIfNoEntry: false })?.size ?? 0
  }

  /** Makes a folder of prepared stores the tenant's, in one step. */
  async adopt(tenantId: string, from: string): Promise<void> {
    const to = this.#folderOf(tenantId)
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    if (existsSync(to)) rmdirSync(to) // fails where it is not empty
    await rename(from, to)
    await syncFolder(this.#folder)
  }

  /** Deletes all stores of a tenant. */
  async discard(tenantId: string): Promise<void> {
    await rm(this.#folderOf(tenantId), { recursive: true, force: true })
  }

  /** Deletes a store's files; harmless when there are none. */
  remove(key: StoreKey): void {
    const path = this.pathOf(key)
    for (const ending of ['', '-wal', '-shm', '-journal', '.new', '.placed', '.placed-journal']) rmSync(path + ending, { force: true })
    const folder = dirname(path)
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder)
  }

  #folderOf(tenantId: string): string {
    return dirname(this.pathOf({ tenantId, pluginId: 'any' }))
  }
}
