import { createProcessLocks } from '../../src/locks/process-locks.ts'
import { runStorage } from '../storage/run-storage.ts'
import { certifyLocks, closedAfterTest } from './certify-locks.ts'

certifyLocks({
  name: 'one process',
  start: async () => {
    const locks = closedAfterTest(createProcessLocks())
    return { nodes: [locks, locks], storage: await runStorage(), cutFirst: async () => undefined }
  },
  waived: { E44: 'one process cannot be cut off from itself' },
})
