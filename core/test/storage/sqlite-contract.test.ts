import { certifyStorage } from './certify-storage.ts'
import { temporaryFolder, temporaryStorage } from './temporary-storage.ts'

certifyStorage({
  name: 'SQLite',
  create: async (outside) => {
    const folder = temporaryFolder()
    return { storage: temporaryStorage({ folder, outside }), reopen: async () => temporaryStorage({ folder, outside }) }
  },
})
