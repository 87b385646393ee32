import { onTestFinished } from 'vitest'
import { createEventBus } from '../../src/events/create-event-bus.ts'
import { createSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'
import { certifyDeliveries, READER } from './certify-deliveries.ts'

certifyDeliveries({
  name: 'SQLite',
  start: async () => {
    const folder = temporaryFolder()
    return async ({ outside, deliver, subscriptions = [READER] }) => {
      const storage = createSqliteStorage({ folder, outside })
      const quiet = { warn: () => undefined, error: () => undefined, debug: () => undefined }
      const bus = createEventBus({ storage, outside, ports: { subscriptions: () => subscriptions, deliver, log: quiet } })
      await bus.start()
      onTestFinished(() => storage.close())
      return { storage, bus, kill: () => storage.close() }
    }
  },
  hasSeveralNodes: false,
  waived: { E50: 'a data folder has one process' },
})
