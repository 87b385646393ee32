import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createReleaseFolder } from '../../catalogue/release-folder.ts'
import type { Config } from '../../config.ts'
import { openDatabase } from '../../storage/sqlite/open-database.ts'
import type { ReleaseRow } from '../../storage/platform-tables.ts'
import { failureOf } from '../failure.ts'
import type { Finding } from './finding.ts'

/** Memory of the page cache, in KiB. */
const CACHE_KIB = 2_000

/** The archives of installed releases: whether each is the one that was installed. */
export async function examineReleases({ dataFolder }: Config): Promise<readonly Finding[]> {
  const rows = rowsIn(join(dataFolder, 'platform.sqlite'))
  const folder = createReleaseFolder(join(dataFolder, 'releases'))
  const broken: Finding[] = []
  for (const row of rows) {
    try {
      await folder.read(row, row.digest)
    } catch (error) {
      const { message, fix } = failureOf(error)
      broken.push({ id: 'release', status: 'broken', what: message, fix })
    }
  }
  return broken.length > 0 || rows.length === 0 ? broken : [{ id: 'releases', status: 'ok', what: `${rows.length} installed from archives, each as it was installed` }]
}

function rowsIn(path: string): readonly Pick<ReleaseRow, 'id' | 'version' | 'digest'>[] {
  if (!existsSync(path)) return []
  const database = openDatabase(path, CACHE_KIB)
  try {
    // A platform that was last started by an older version has no such table yet.
    if (database.prepare(`select 1 from sqlite_master where type = 'table' and name = 'release'`).get() === undefined) return []
    return database.prepare('select id, version, digest from release order by id, version').all() as Pick<ReleaseRow, 'id' | 'version' | 'digest'>[]
  } finally {
    database.close()
  }
}
