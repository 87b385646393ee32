import { randomBytes } from 'node:crypto'
import { databaseOfTest, postgresStorage } from '../storage/postgres-database.ts'
import { sqliteStorage } from '../storage/sqlite-storage.ts'
import { certifySchedules } from './certify-schedules.ts'

certifySchedules({
  name: 'SQLite',
  start: async () => {
    const storage = sqliteStorage()
    return [storage, storage]
  },
})

certifySchedules({
  name: 'PostgreSQL',
  start: async () => {
    const given = { url: await databaseOfTest(), secret: randomBytes(32) }
    return [await postgresStorage(given), await postgresStorage(given)]
  },
})
