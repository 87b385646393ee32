// A node of its own process on the database of its first argument, with the secret of its second: it has the effect of each event in the reader's
// store, until it is killed. Says "ready" once it delivers, and the id of each event that it was handed.

import { createEventBus } from '../../src/events/create-event-bus.ts'
import { SharedCarriage } from '../../src/events/shared-carriage.ts'
import { parseDatabaseUrl } from '../../src/storage/postgres/database-address.ts'
import { DatabaseSession } from '../../src/storage/postgres/database-session.ts'
import { createPostgresStorage } from '../../src/storage/postgres/postgres-storage.ts'

const [url = '', secret = '', folder = ''] = process.argv.slice(2)
const address = parseDatabaseUrl(url)
const outside = { now: () => Date.now(), randomBytes: (length: number) => globalThis.crypto.getRandomValues(new Uint8Array(length)), fetch: globalThis.fetch }
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined }
const storage = await createPostgresStorage({ address, secret: Buffer.from(secret, 'hex'), outside, folder })
const session = await DatabaseSession.open({ address, log: quiet })
const bus = createEventBus({
  storage, outside, carriage: new SharedCarriage({ session, address, outside, log: quiet, sweepMs: 200 }),
  ports: {
    subscriptions: () => [{ pluginId: 'fr.example.reader', handlerId: 'on-change' }], log: quiet,
    deliver: async ({ tenantId, eventId, subscriber, handler }) => {
      process.stdout.write(`${eventId}\n`)
      await storage.store({ tenantId, pluginId: subscriber }).transaction(async (tx) => {
        if (await tx.acceptEvent(eventId, handler)) await tx.db.insertInto('note').values({ text: eventId }).execute()
      }, new AbortController().signal)
    },
  },
})
await bus.start()
process.stdout.write('ready\n')
