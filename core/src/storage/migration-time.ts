import { PlatformError } from '../errors.ts'

/** Longest that one migration may take, in milliseconds: far above what changes the largest tables of a commune. Nobody waits at its other end, but a tenant's whole lifecycle does. */
export const LONGEST_MIGRATION_MS = 600_000
/** How much later it is given up here: one in a process of its own is given up there first, and told so. */
const LATER_MS = 5_000

/**
 * Waits for a migration, and gives it up when its time is over: what it asks for afterwards meets a transaction that is over. A loop without end in the kernel's own process nothing can give up.
 * @throws Error when its time is over; whatever it throws
 */
export async function withinMigrationTime(body: () => Promise<void> | undefined): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new PlatformError('PLUGIN_CALL_TIMEOUT', `it took longer than ${LONGEST_MIGRATION_MS / 1_000} s`, { fix: 'Await in it nothing but its statements, and change many rows with few of them.' }))
  }, LONGEST_MIGRATION_MS + LATER_MS)
  try {
    await Promise.race([body(), late])
  } finally {
    clearTimeout(timer)
  }
}
