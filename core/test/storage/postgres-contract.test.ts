import { randomBytes } from 'node:crypto'
import { certifyRoom } from './certify-room.ts'
import { certifyStorage, type StorageDriver } from './certify-storage.ts'
import { databaseOfTest, postgresStorage } from './postgres-database.ts'

const driver: StorageDriver = {
  name: 'PostgreSQL',
  create: async (outside) => {
    const [url, secret] = [await databaseOfTest(), randomBytes(32)]
    return { storage: await postgresStorage({ url, secret, outside }), reopen: () => postgresStorage({ url, secret, outside }) }
  },
  waived: {
    'D3 insertId': 'PostgreSQL tells what it has given only when asked: use returning()',
    'D6 reads wait': 'who reads waits for nobody, and sees what was there before the transaction',
  },
}

certifyStorage(driver)
certifyRoom(driver)
