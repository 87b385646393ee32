import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createReleaseFolder, type ReleaseFolder } from '../../catalogue/release-folder.ts'
import type { Config } from '../../config.ts'
import { Connection } from '../../storage/postgres/connection.ts'
import { parseDatabaseUrl } from '../../storage/postgres/database-address.ts'
import { openDatabase } from '../../storage/sqlite/open-database.ts'
import type { ReleaseRow } from '../../storage/platform-tables.ts'
import { failureOf } from '../failure.ts'
import type { Finding } from './finding.ts'

/** Memory of the page cache, in KiB. */
const CACHE_KIB = 2_000

type Installed = Pick<ReleaseRow, 'id' | 'version' | 'digest'>

/** The archives of installed releases: whether each is the one that was installed. On PostgreSQL those that this node has fetched. */
export async function examineReleases({ dataFolder, databaseUrl }: Pick<Config, 'dataFolder' | 'databaseUrl'>): Promise<readonly Finding[]> {
  const folder = createReleaseFolder(join(dataFolder, 'releases'))
  const rows = databaseUrl === undefined ? rowsIn(join(dataFolder, 'platform.sqlite')) : await fetchedOf(await rowsAt(databaseUrl), folder)
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

/** What a node misses it fetches from the database when somebody needs it. */
async function fetchedOf(rows: readonly Installed[], folder: Pick<ReleaseFolder, 'list'>): Promise<readonly Installed[]> {
  const there = new Set((await folder.list()).map(({ id, version }) => `${id}@${version}`))
  return rows.filter(({ id, version }) => there.has(`${id}@${version}`))
}

/** None where the database cannot be asked, which the check of the database tells. */
async function rowsAt(databaseUrl: string): Promise<readonly Installed[]> {
  const address = parseDatabaseUrl(databaseUrl)
  const connection = await Connection.open(address, { user: address.user, password: address.password }, () => undefined).catch(() => undefined)
  if (connection === undefined) return []
  try {
    const [there] = (await connection.script(`select to_regclass('liberacces.release') is not null as is_there`)).rows as readonly { readonly is_there: number }[]
    return there?.is_there === 1 ? (await connection.script('select id, version, digest from liberacces.release order by id, version')).rows as readonly Installed[] : []
  } finally {
    await connection.close()
  }
}

function rowsIn(path: string): readonly Installed[] {
  if (!existsSync(path)) return []
  const database = openDatabase(path, CACHE_KIB)
  try {
    // A platform that was last started by an older version has no such table yet.
    if (database.prepare(`select 1 from sqlite_master where type = 'table' and name = 'release'`).get() === undefined) return []
    return database.prepare('select id, version, digest from release order by id, version').all() as Installed[]
  } finally {
    database.close()
  }
}
