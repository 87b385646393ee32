import type * as Queue from 'graphile-worker'
import { PlatformError } from '../errors.ts'
import type { DatabaseAddress } from '../storage/postgres/database-address.ts'
import { QUEUE_SCHEMA, WAKE_TASK } from '../storage/postgres/wake-store.ts'
import type { StoreKey } from '../storage/storage.ts'

/** Jobs that one node takes at a time; each is over in milliseconds. The library warns at each start when they are more than its connections. */
const CONCURRENCY = 3
/** How often jobs are looked for that nobody was told of, in milliseconds. */
const POLL_MS = 1_000
/** Connections of the queue: one that hears of jobs, two that take and end them. */
const CONNECTIONS = 3

/** What takes jobs is made from. */
export interface WakeJobsOptions {
  readonly address: DatabaseAddress
  /** How its connections are named in the database. */
  readonly applicationName: string
  /** A store may have something to deliver. When it rejects, the job is tried again, here or elsewhere. */
  readonly wake: (key: StoreKey) => Promise<void>
  readonly log: { warn(detail: object, message: string): void; debug(detail: object, message: string): void }
}

/** A node's part in the queue. */
export interface WakeJobs {
  /** By which the queue knows who has locked a job. */
  readonly id: string
  stop(): Promise<void>
}

/**
 * Takes jobs from the queue, which any node may, and each job one node.
 * @throws PlatformError `CONFIG_INVALID` when the library of the queue is not installed
 */
export async function startWakeJobs({ address, applicationName, wake, log }: WakeJobsOptions): Promise<WakeJobs> {
  const library = await queueLibrary()
  const { default: driver } = await import('pg')
  const pool = new driver.Pool({
    host: address.host, port: address.port, database: address.database, user: address.user, password: address.password ?? '', ssl: address.tls,
    max: CONNECTIONS, application_name: applicationName, keepAlive: true,
  })
  pool.on('error', (error) => { log.warn({ database: address.name, error: error.message }, 'a connection of the queue is lost') })
  pool.on('connect', (client) => { client.on('error', () => undefined) }) // the pool tells it too
  const logger: Queue.Logger = new library.Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log.warn({ queue: message }, 'the queue has trouble')
  })
  const options = { pgPool: pool, schema: QUEUE_SCHEMA, logger, concurrency: CONCURRENCY, pollInterval: POLL_MS, noHandleSignals: true, noPreparedStatements: !address.prepares }
  let workers: Queue.WorkerPool
  try {
    await library.runMigrations(options)
    workers = library.runTaskList(options, { [WAKE_TASK]: async (payload: unknown) => { await wake(keyOf(payload)) } }, pool)
  } catch (error) {
    await pool.end()
    throw error
  }
  Promise.resolve(workers.promise).catch((error: unknown) => { log.warn({ error: String(error) }, 'the queue ended with trouble') })
  return {
    id: workers.id,
    stop: async () => {
      await Promise.resolve(workers.gracefulShutdown('The platform stops.')).catch((error: unknown) => { log.warn({ error: String(error) }, 'the queue could not end in order') })
      await pool.end()
    },
  }
}

async function queueLibrary(): Promise<typeof Queue> {
  try {
    return await import('graphile-worker')
  } catch (cause) {
    throw new PlatformError('CONFIG_INVALID', 'LIBERACCES_DATABASE_URL: a platform on PostgreSQL needs the queue graphile-worker, which cannot be loaded.', {
      cause, fix: 'Install it beside the platform: `npm install graphile-worker@0.18`. Without LIBERACCES_DATABASE_URL it is not needed.',
    })
  }
}

function keyOf(payload: unknown): StoreKey {
  const { tenant, plugin } = payload as { readonly tenant: string; readonly plugin: string }
  return { tenantId: tenant, pluginId: plugin }
}
