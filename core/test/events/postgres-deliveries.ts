import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { createEventBus } from '../../src/events/create-event-bus.ts'
import { SharedCarriage } from '../../src/events/shared-carriage.ts'
import { parseDatabaseUrl } from '../../src/storage/postgres/database-address.ts'
import { DatabaseSession, SESSION_TIMES } from '../../src/storage/postgres/database-session.ts'
import { createPostgresStorage } from '../../src/storage/postgres/postgres-storage.ts'
import { databaseOfTest } from '../storage/postgres-database.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'
import { READER, type DeliveringNode, type NodeOptions } from './certify-deliveries.ts'

/** A node, and the connection that it keeps. */
export interface PostgresNode extends DeliveringNode {
  readonly session: DatabaseSession
}

/** A platform on a PostgreSQL database of its own, to which any number of nodes may be started. */
export async function postgresNodes(): Promise<(options: NodeOptions & { readonly awayMs?: number }) => Promise<PostgresNode>> {
  return nodesOn(await databaseOfTest(), randomBytes(32))
}

/** The same on a given database. A node that is cut off stays so for `awayMs`, in milliseconds. */
export function nodesOn(url: string, secret: Uint8Array): (options: NodeOptions & { readonly awayMs?: number }) => Promise<PostgresNode> {
  const address = parseDatabaseUrl(url)
  return async ({ outside, deliver, subscriptions = [READER], awayMs = 100 }) => {
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined }
    const storage = await createPostgresStorage({ address, secret, outside, folder: temporaryFolder() })
    const session = await DatabaseSession.open({ address, log: quiet, times: { ...SESSION_TIMES, pauseMs: { first: awayMs, longest: awayMs } } })
    const carriage = new SharedCarriage({ session, address, outside, log: quiet, sweepMs: 200 })
    let isDead = false
    const bus = createEventBus({
      storage, outside, carriage,
      ports: { subscriptions: () => subscriptions, log: quiet, deliver: async (delivery) => { await (isDead ? new Promise<void>(() => undefined) : deliver(delivery)) } },
    })
    await bus.start()
    const end = async (): Promise<void> => {
      isDead = true
      await session.close()
      await carriage.stop()
      await storage.close()
    }
    onTestFinished(async () => {
      if (!isDead) await bus.stop()
      await end()
    })
    return { storage, bus, session, kill: end }
  }
}
