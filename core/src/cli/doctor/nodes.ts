import type { Config } from '../../config.ts'
import { NodeConnection } from '../../nodes/node-connection.ts'
import { parseDatabaseUrl } from '../../storage/postgres/database-address.ts'
import type { Finding } from './finding.ts'

/** A node that has said nothing for so long is dead, in milliseconds. */
const SILENT_MS = 10_000
/** A clock that is further off is worth knowing, in milliseconds. */
const SKEW_MS = 2_000

interface Row {
  readonly host: string
  readonly pid: number
  readonly port: number | null
  readonly silent: number
  readonly skew: number
}

/** The nodes on the database, where there can be several, and whether they can share what they must. */
export async function examineNodes({ databaseUrl, files }: Pick<Config, 'databaseUrl' | 'files'>): Promise<readonly Finding[]> {
  if (databaseUrl === undefined) return []
  const connection = await NodeConnection.open(parseDatabaseUrl(databaseUrl), 'liberacces doctor', { heard: () => undefined, lost: () => undefined })
  try {
    const [made] = await connection.run<{ made: boolean }>(`select to_regclass('liberacces.node') is not null as made`)
    if (made?.made !== true) return [{ id: 'nodes', status: 'ok', what: 'no node has run on this database yet' }]
    const rows = await connection.run<Row>(
      `select host, pid::int as pid, port::int as port, (extract(epoch from clock_timestamp()) * 1000 - beat_at)::float8 as silent, skew_ms::float8 as skew from liberacces.node order by started_at`)
    const living = rows.filter(({ silent }) => silent < SILENT_MS)
    const name = ({ host, pid, port }: Row): string => `${host} (process ${pid}${port === null ? '' : `, port ${port}`})`
    return [
      { id: 'nodes', status: 'ok', what: living.length === 0 ? 'no node runs' : `${living.length} ${living.length === 1 ? 'node runs' : 'nodes run'}: ${living.map(name).join(', ')}` },
      ...(living.length > 1 && files === undefined ? [{
        id: 'files-of-nodes', status: 'hint', what: 'several nodes run, and this one keeps files in its data folder, where the others do not see them', fix: 'Move them to a bucket with `liberacces migrate-files`, and set LIBERACCES_FILES on every node.',
      } satisfies Finding] : []),
      ...living.filter(({ skew }) => Math.abs(skew) > SKEW_MS).map((row): Finding => ({
        id: 'clock', status: 'hint', what: `the clock of ${name(row)} is ${Math.round(Math.abs(row.skew) / 1_000)} s ${row.skew > 0 ? 'ahead of' : 'behind'} the database's`, fix: 'Set both by NTP.',
      })),
    ]
  } finally {
    await connection.close()
  }
}
