import { randomBytes } from 'node:crypto'
import { Connection } from './connection.ts'
import { parseDatabaseUrl } from './database-address.ts'

/** A database for one platform that is thrown away: of a test, or of a measure. */
export interface TemporaryDatabase {
  /** What the platform is given as `LIBERACCES_DATABASE_URL`. */
  readonly url: string
  /** Takes it away, with the roles that the platform has made. */
  drop(): Promise<void>
}

/**
 * Makes a database on a server.
 * @param server - of a user that may make databases and roles, and of any database there
 * @param options - `owner` is whom the database is to belong to, whom the platform then comes as; left out, the server's user
 */
export async function createTemporaryDatabase(server: string, { owner, connections }: { readonly owner?: { readonly user: string; readonly password: string }; readonly connections?: number } = {}): Promise<TemporaryDatabase> {
  const name = `liberacces_test_${randomBytes(6).toString('hex')}`
  await onServer(server, (connection) => connection.script(`create database ${name}${owner === undefined ? '' : ` owner ${owner.user}`} encoding UTF8 template template0`))
  const url = new URL(server)
  url.pathname = `/${name}`
  if (connections !== undefined) url.searchParams.set('connections', String(connections))
  if (owner !== undefined) {
    url.username = owner.user
    url.password = owner.password
  }
  return {
    url: url.href,
    async drop() {
      const roles = await onServer(url.href, async (connection) => (await connection.run({ sql: `select rolname as name from pg_roles where rolname like 'la\\_' || (select mark from liberacces_internal.platform) || '\\_%'`, values: [] })).rows as readonly { name: string }[])
        .catch(() => []) // no platform has used it
      await onServer(server, async (connection) => {
        await connection.script(`drop database if exists ${name} with (force)`)
        for (let at = 0; at < roles.length; at += 100) await connection.script(`drop role ${roles.slice(at, at + 100).map((role) => role.name).join(', ')}`)
      })
    },
  }
}

async function onServer<Result>(url: string, work: (connection: Connection) => Promise<Result>): Promise<Result> {
  const address = parseDatabaseUrl(url)
  const connection = await Connection.open(address, { user: address.user, password: address.password }, () => undefined)
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}
