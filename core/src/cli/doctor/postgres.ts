import type { Config } from '../../config.ts'
import { Connection } from '../../storage/postgres/connection.ts'
import { parseDatabaseUrl } from '../../storage/postgres/database-address.ts'
import { isAway, unavailable } from '../../storage/postgres/database-error.ts'
import { failureOf } from '../failure.ts'
import type { Finding } from './finding.ts'

interface About {
  readonly version: string
  readonly pid: number
  readonly used: number
  readonly most: number
  readonly fsync: string
  readonly commit: string
}

const ABOUT = `select current_setting('server_version') as version, pg_backend_pid() as pid, (select count(*) from pg_stat_activity where backend_type = 'client backend') as used,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`

/** The PostgreSQL server: whether it can be reached, which it is, its connections, what stands between, whether what it acknowledges survives a power cut. */
export async function examinePostgres({ databaseUrl }: Config): Promise<readonly Finding[]> {
  const address = parseDatabaseUrl(databaseUrl ?? '')
  let connection: Connection
  try {
    connection = await Connection.open(address, { user: address.user, password: address.password }, () => undefined)
  } catch (error) {
    const { message, fix } = failureOf(isAway(error) ? unavailable(address.name, error) : error)
    return [{ id: 'postgres', status: 'broken', what: message, fix }]
  }
  try {
    const about = (await connection.run({ sql: ABOUT, values: [] })).rows[0] as About
    const isDirect = connection.serverProcess === about.pid
    return [
      { id: 'postgres', status: 'ok', what: `PostgreSQL ${about.version}, ${address.name}` },
      about.used + address.connections > about.most && isDirect
        ? { id: 'connections', status: 'hint', what: `${about.used} connections of at most ${about.most} are in use, and this node may open ${address.connections}`, fix: 'Raise max_connections of the server, or lower the option "connections" of LIBERACCES_DATABASE_URL.' }
        : { id: 'connections', status: 'ok', what: `${about.used} connections of at most ${about.most} are in use; this node may open ${address.connections}` },
      { id: 'pooler', status: 'ok', what: isDirect ? 'no pooler between' : `a pooler stands between; prepared statements are ${address.prepares ? 'on, which PgBouncer knows from 1.21 on' : 'off'}` },
      about.fsync === 'on' && about.commit !== 'off'
        ? { id: 'durability', status: 'ok', what: `fsync=on, synchronous_commit=${about.commit}` }
        : { id: 'durability', status: 'broken', what: `fsync is ${about.fsync}, synchronous_commit is ${about.commit}: what was acknowledged may be lost`, fix: 'Set both to on.' },
    ]
  } finally {
    await connection.close()
  }
}
