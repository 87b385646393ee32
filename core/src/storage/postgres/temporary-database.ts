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

/** What a temporary database is made with. */
export interface TemporaryOptions {
  /** Whom it is to belong to, whom the platform then comes as. @defaultValue the server's user */
  readonly owner?: { readonly user: string; readonly password: string }
  /** Most connections of the platform. */
  readonly connections?: number
  /** Name of a database to copy, with the tables of a platform that nobody has used and whose user is the owner. Left out: it is empty. */
  readonly template?: string
}

/**
 * Makes a database on a server.
 * @param server - of a user that may make databases and roles, and of any database there
 */
export async function createTemporaryDatabase(server: string, { owner, connections, template }: TemporaryOptions = {}): Promise<TemporaryDatabase> {
  const random = randomBytes(6).toString('hex')
  const name = `liberacces_test_${random}`
  const from = template === undefined ? 'template0' : `${template} strategy file_copy` // which is quicker where nothing waits for the disk
  await onServer(server, (connection) => connection.script(`create database ${name}${owner === undefined ? '' : ` owner ${owner.user}`} encoding UTF8 template ${from}`))
  const url = new URL(server)
  url.pathname = `/${name}`
  if (connections !== undefined) url.searchParams.set('connections', String(connections))
  if (owner !== undefined) {
    url.username = owner.user
    url.password = owner.password
  }
  // Roles belong to all databases of a server, and platforms tell theirs apart by it.
  if (template !== undefined) await onServer(url.href, (connection) => connection.script(`update liberacces_internal.platform set mark = '${random.slice(0, 8)}'`))
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
