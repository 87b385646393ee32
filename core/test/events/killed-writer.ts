// Writes events into the data folder of its argument and prints the id of each one that is committed, until it is killed.

import { createEventBus } from '../../src/events/create-event-bus.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { testEnvironment } from '../../src/testing/test-environment.ts'
import { SECRET } from '../storage/run-storage.ts'

const outside = { now: () => Date.now(), randomBytes: (length: number) => new Uint8Array(length), fetch: globalThis.fetch }
const folder = process.argv[2] ?? ''
const { LIBERACCES_DATABASE_URL: databaseUrl } = await testEnvironment(folder, () => undefined)
const storage = await openStorage({ databaseUrl, secret: SECRET, folder, outside })
createEventBus({
  storage,
  outside,
  ports: { subscriptions: () => [], deliver: async () => undefined, log: { warn: () => undefined, error: () => undefined, debug: () => undefined } },
})
const store = storage.store({ tenantId: 't-1', pluginId: 'fr.example.notes' })
for (let index = 0; index < 100_000; index += 1) {
  const id = `e-${index}`
  await store.transaction((tx) => tx.appendEvent({
    id, type: 'fr.example.notes.changed/v1', subject: 'one', time: 0, data: null, notBefore: undefined, traceparent: undefined,
  }), new AbortController().signal)
  process.stdout.write(`${id}\n`)
}
