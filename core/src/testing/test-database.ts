import { createConnection } from 'node:net'
import { createTemporaryDatabase, type TemporaryDatabase } from '../storage/postgres/temporary-database.ts'

/**
 * Makes a PostgreSQL database for one platform, where tests are to run on PostgreSQL (`LIBERACCES_TEST_DATABASE=postgres`): on the server of
 * `LIBERACCES_TEST_DATABASE_URL`, whose user may make databases and roles, or on the one that the run has of itself.
 * @returns `undefined` where they are to run on SQLite, as they do by themselves
 */
export async function testDatabase(): Promise<TemporaryDatabase | undefined> {
  return process.env['LIBERACCES_TEST_DATABASE'] === 'postgres' ? await postgresDatabase() : undefined
}

/**
 * The same for a test that wants PostgreSQL whatever the others run on.
 * @param options - `empty`: without the tables of a platform, as before its first start. Without it they may be there already
 */
export async function postgresDatabase({ empty = false }: { readonly empty?: boolean } = {}): Promise<TemporaryDatabase> {
  const given = process.env['LIBERACCES_TEST_DATABASE_URL']
  if (given) return await createTemporaryDatabase(given)
  const { server, owner, template } = await embeddedServer()
  return await createTemporaryDatabase(server, empty ? { owner } : { owner, template })
}

interface EmbeddedServer {
  readonly server: string
  readonly owner: { readonly user: string; readonly password: string }
  readonly template: string
}

let known: Promise<EmbeddedServer> | undefined

/** Asks the run for its server, which starts with the first who asks. */
function embeddedServer(): Promise<EmbeddedServer> {
  const path = process.env['LIBERACCES_TEST_SERVER']
  if (path === undefined) throw new Error('No PostgreSQL to test on: set LIBERACCES_TEST_DATABASE_URL, as postgres://user:password@host/database of a user that may make databases and roles.')
  return (known ??= new Promise((resolve, reject) => {
    let text = ''
    createConnection(path).setEncoding('utf8')
      .on('data', (chunk: string) => { text += chunk })
      .on('error', reject)
      .on('end', () => {
        const answer = JSON.parse(text) as EmbeddedServer | { readonly error: string }
        if ('error' in answer) reject(new Error(`PostgreSQL for tests did not start: ${answer.error}`))
        else resolve(answer)
      })
  }))
}
