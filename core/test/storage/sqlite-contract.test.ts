import { certifyRoom } from './certify-room.ts'
import { certifyStorage, type StorageDriver } from './certify-storage.ts'
import { sqliteStorage } from './sqlite-storage.ts'
import { temporaryFolder } from './temporary-storage.ts'

const driver: StorageDriver = {
  name: 'SQLite',
  create: async (outside) => {
    const folder = temporaryFolder()
    return { storage: sqliteStorage({ folder, outside }), reopen: async () => sqliteStorage({ folder, outside }) }
  },
}

certifyStorage(driver)
certifyRoom(driver)
