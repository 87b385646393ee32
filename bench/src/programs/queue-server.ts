import { Logger, runMigrations, runTaskList } from 'graphile-worker'
import pg from 'pg'
import { answerCommands } from '../answer-commands.ts'

// The queue library by itself, as its own documentation has it used: jobs added in transactions, and run.

/** Longest wait for one job, in milliseconds. */
const LONGEST_MS = 10_000

const pool = new pg.Pool({ connectionString: process.env['BENCH_DATABASE_URL'], max: 20 })
pool.on('error', () => undefined)
pool.on('connect', (client) => { client.on('error', () => undefined) })
const options = { pgPool: pool, schema: 'graphile_worker', concurrency: 8, noHandleSignals: true, logger: new Logger(() => () => undefined) }
let ran: (id: number) => void = () => undefined
await runMigrations(options)
const workers = runTaskList(options, { hear: async (payload: unknown) => { ran((payload as { readonly id: number }).id) } }, pool)
let added = 0

answerCommands({
  /** Adds jobs for a while, each in a transaction of its own, and waits until all have run. Resolves to jobs per second. */
  jobs: async ({ ms, writers }: { readonly ms: number; readonly writers: number }) => {
    const start = performance.now()
    const missing = new Set<number>()
    let isOver = false
    const all = Promise.withResolvers<void>()
    ran = (id) => {
      missing.delete(id)
      if (isOver && missing.size === 0) all.resolve()
    }
    let count = 0
    await Promise.all(Array.from({ length: writers }, async () => {
      const client = await pool.connect()
      for (; performance.now() - start < ms; count += 1) {
        const id = (added += 1)
        missing.add(id)
        await client.query('begin')
        await client.query('select graphile_worker.add_job($1, $2)', ['hear', { id, title: 'Délibération' }])
        await client.query('commit')
      }
      client.release()
    }))
    isOver = true
    const timer = setTimeout(() => { all.reject(new Error(`${missing.size} jobs did not run within ${LONGEST_MS} ms.`)) }, LONGEST_MS)
    if (missing.size > 0) await all.promise
    clearTimeout(timer)
    return count / ((performance.now() - start) / 1_000)
  },
}, async () => {
  await workers.gracefulShutdown('The measure is over.')
  await pool.end()
})
