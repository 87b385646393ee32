import { certifyRoom } from './certify-room.ts'
import { certifyStorage, type StorageDriver } from './certify-storage.ts'
import { temporaryFolder, temporaryStorage } from './temporary-storage.ts'

const driver: StorageDriver = {
  name: 'SQLite',
  create: async (outside) => {
    const folder = temporaryFolder()
    return { storage: temporaryStorage({ folder, outside }), reopen: async () => temporaryStorage({ folder, outside }) }
  },
}

certifyStorage(driver)
certifyRoom(driver)
