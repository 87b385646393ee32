import { onTestFinished } from 'vitest'
import { createPostgresLocks } from '../../src/locks/postgres-locks.ts'
import { parseDatabaseUrl } from '../../src/storage/postgres/database-address.ts'
import { DatabaseSession } from '../../src/storage/postgres/database-session.ts'
import { databaseOfTest, postgresStorage } from '../storage/postgres-database.ts'
import { certifyLocks, closedAfterTest } from './certify-locks.ts'

certifyLocks({
  name: 'PostgreSQL',
  start: async () => {
    const url = await databaseOfTest()
    const storage = await postgresStorage({ url })
    const node = async () => {
      const session = await DatabaseSession.open({ address: parseDatabaseUrl(url), log: { info: () => undefined, warn: () => undefined } })
      onTestFinished(() => session.close())
      return { session, locks: closedAfterTest(createPostgresLocks(session)) }
    }
    const [first, second] = [await node(), await node()]
    return { nodes: [first.locks, second.locks], storage, cutFirst: async () => { first.session.cut() } }
  },
})
