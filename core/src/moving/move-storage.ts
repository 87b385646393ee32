import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import type { Progress } from '../leaving/leaving-ports.ts'
import type { Outside } from '../outside.ts'
import { differences, digestTables, type TableDigest } from '../storage/exchange/table-digests.ts'
import { TableFileReader } from '../storage/exchange/table-file-reader.ts'
import type { Storage, StoreKey } from '../storage/storage.ts'

/** What a move works with. */
export interface MoveOptions {
  readonly from: Storage
  readonly to: Storage
  /** Where copies lie on the way; it is there. */
  readonly folder: string
  readonly progress?: Progress
  readonly reached?: Outside['reached']
}

/** What was moved. */
export interface Moved {
  readonly tenants: number
  readonly stores: number
  /** Rows of all stores and of the kernel's tables. */
  readonly rows: number
}

/**
 * Copies a platform that nobody uses just now from one database to another, tenant by tenant, and holds each store against what it was. The
 * kernel's tables come last: a move that was cut short leaves a database that knows of no tenant, and is simply done again.
 * @throws PlatformError `MOVE_REFUSED` when the target is in use, `MOVE_FAILED` when it holds something else than the source afterwards
 */
export async function moveStorage({ from, to, folder, progress, reached }: MoveOptions): Promise<Moved> {
  const known = await to.platform.selectFrom('tenant').select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirst()
  if (Number(known?.count ?? 0) > 0) throw new PlatformError('MOVE_REFUSED', 'The database that was to be moved to holds a platform already.', { fix: 'Name an empty database, or a data folder without platform.sqlite.' })
  const tenants = await from.platform.selectFrom('tenant').select('id').orderBy('id').execute()
  const work = await mkdtemp(join(folder, 'moving-'))
  let stores = 0
  let rows = 0
  try {
    for (const [index, { id }] of tenants.entries()) {
      progress?.('tenants', index, tenants.length)
      for (const key of await from.storesOf(id)) {
        rows += await moveStore({ from, to }, key, work)
        stores += 1
        await reached?.('move:store')
      }
    }
    progress?.('tenants', tenants.length, tenants.length)
    await reached?.('move:stores')
    rows += await movePlatform({ from, to }, work)
    return { tenants: tenants.length, stores, rows }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

type Sides = Pick<MoveOptions, 'from' | 'to'>

async function moveStore({ from, to }: Sides, key: StoreKey, work: string): Promise<number> {
  const [before, after] = [join(work, 'before.sqlite'), join(work, 'after.sqlite')]
  if (!await from.copyStore(key, before)) return 0
  await to.placeStore(key, before)
  await to.copyStore(key, after)
  to.rest(key)
  return await requireSame(`the data of plugin "${key.pluginId}" of tenant ${key.tenantId}`, before, after)
}

async function movePlatform({ from, to }: Sides, work: string): Promise<number> {
  const copy = async (storage: Storage, path: string): Promise<void> => {
    const moment = await storage.momentOf([])
    try {
      await moment.copyPlatformTo(path)
    } finally {
      await moment.close()
    }
  }
  const [before, after] = [join(work, 'platform-before.sqlite'), join(work, 'platform-after.sqlite')]
  await copy(from, before)
  await to.placePlatform(before)
  await copy(to, after)
  return await requireSame('the kernel\u2019s tables', before, after)
}

/** @returns how many rows there are */
async function requireSame(what: string, before: string, after: string): Promise<number> {
  const [was, is] = [await digestsOf(before), await digestsOf(after)]
  const others = differences(was, is)
  if (others.length > 0) throw new PlatformError('MOVE_FAILED', `After the move ${what} is not what it was: ${others.join(', ')}.`, { fix: 'The data is where it was, untouched. Report this, with the names of the tables.' })
  return [...was.values()].reduce((sum, { rows }) => sum + rows, 0)
}

async function digestsOf(path: string): Promise<ReadonlyMap<string, TableDigest>> {
  const reader = new TableFileReader(path)
  try {
    return await digestTables(reader)
  } finally {
    reader.close()
  }
}
