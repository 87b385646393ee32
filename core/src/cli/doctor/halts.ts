import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { NodeConnection } from '../../nodes/node-connection.ts'
import { parseDatabaseUrl } from '../../storage/postgres/database-address.ts'
import { openDatabase } from '../../storage/sqlite/open-database.ts'
import type { Finding } from './finding.ts'

/** Memory of its page cache, in KiB. */
const CACHE_KIB = 2_000

interface Row {
  readonly plugin_id: string
  readonly version: string
  readonly kind: 'stopped' | 'quarantined'
  readonly since: number
  readonly reason: string
  readonly by_name: string
}

const COLUMNS = 'plugin_id, version, kind, since, reason, by_name'

/** What of the plugins may not run, and why. */
export async function examineHalts({ dataFolder, databaseUrl }: Pick<Config, 'dataFolder' | 'databaseUrl'>): Promise<readonly Finding[]> {
  const rows = databaseUrl === undefined ? rowsIn(join(dataFolder, 'platform.sqlite')) : await rowsAt(databaseUrl)
  return rows.map(({ plugin_id: id, version, kind, since, reason, by_name: by }) => ({
    id: 'plugin-out-of-service', status: 'hint',
    what: `${id}${version === '' ? '' : ` ${version}`} ${kind === 'stopped' ? `has been stopped (by ${by})` : 'has been in quarantine'} since ${new Date(since).toISOString()}: ${reason}`,
    fix: `Start it again with \`liberacces plugin start ${id}${version === '' ? '' : ` --version ${version}`}\`${kind === 'stopped' ? '' : ', or install another release'}.`,
  }))
}

/** None where the platform was never opened, or by an older version alone. */
function rowsIn(path: string): readonly Row[] {
  if (!existsSync(path)) return []
  const database = openDatabase(path, CACHE_KIB)
  try {
    const isThere = database.prepare(`select count(*) from sqlite_master where type = 'table' and name = 'plugin_halt'`).pluck().get() === 1
    return isThere ? database.prepare<[], Row>(`select ${COLUMNS} from plugin_halt order by since`).all() : []
  } finally {
    database.close()
  }
}

/** None where the database cannot be asked, which the check of the database tells. */
async function rowsAt(databaseUrl: string): Promise<readonly Row[]> {
  const connection = await NodeConnection.open(parseDatabaseUrl(databaseUrl), 'liberacces doctor', { heard: () => undefined, lost: () => undefined }).catch(() => undefined)
  if (connection === undefined) return []
  try {
    const [made] = await connection.run<{ made: boolean }>(`select to_regclass('liberacces.plugin_halt') is not null as made`)
    return made?.made === true ? await connection.run<Row>(`select ${COLUMNS.replace('since', 'since::float8 as since')} from liberacces.plugin_halt order by 4`) : []
  } finally {
    await connection.close()
  }
}
