import { startWakeJobs } from '../events/wake-jobs.ts'
import { parseDatabaseUrl } from '../storage/postgres/database-address.ts'
import { firstConnection } from '../storage/postgres/first-connection.ts'
import { createTemporaryDatabase, type TemporaryDatabase, type TemporaryOptions } from '../storage/postgres/temporary-database.ts'

/**
 * Makes a database with the tables of a platform and of its queue, as a first start does. Others are copied from it, which takes a fraction
 * of the time.
 */
export async function makeDatabaseTemplate(server: string, options: Pick<TemporaryOptions, 'owner'>): Promise<TemporaryDatabase> {
  const template = await createTemporaryDatabase(server, options)
  const address = parseDatabaseUrl(template.url)
  await firstConnection(address, { user: address.user, password: address.password })
  const jobs = await startWakeJobs({ address, applicationName: 'liberacces template', wake: () => Promise.resolve(), log: { warn: () => undefined, debug: () => undefined } })
  await jobs.stop()
  return template
}
