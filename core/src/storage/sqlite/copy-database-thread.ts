// The thread in which a large database is copied (see copy-database.ts).
import { workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

const { from, to, timeout } = workerData as { readonly from: string; readonly to: string; readonly timeout: number }
/** Pages copied without looking up: all that there are. */
const ALL = 0x7fff_ffff

const database = new Database(from, { fileMustExist: true, timeout })
try {
  // The copy reads inside this transaction: what others commit from here on neither gets in nor makes it begin again.
  database.exec('begin')
  database.prepare('select count(*) from sqlite_schema').get()
  await database.backup(to, { progress: () => ALL })
} finally {
  database.close()
}
