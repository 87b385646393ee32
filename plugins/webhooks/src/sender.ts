import { recordOutcome } from './outcome.ts'
import { sendClaim } from './send.ts'
import { claimDue, nextDueAt, type Claim } from './store/deliveries.ts'
import { findEndpoint } from './store/endpoints.ts'
import type { SenderContext } from './webhook-types.ts'

/** Requests under way at a time for one tenant; one at a time to each endpoint, so that one that hangs costs itself alone. */
const MOST_UNDER_WAY = 8
/** Longest rest between two looks, in milliseconds: another process may have queued something. */
const LONGEST_REST_MS = 60_000

/** Sends what is due, until the worker ends. What a stop or a crash cuts short is claimed again after a while. */
export async function runSender(w: SenderContext): Promise<void> {
  const underWay = new Map<string, Promise<void>>()
  const timeoutMs = w.settings.timeoutSeconds * 1_000
  const claimMs = timeoutMs + 30_000
  try {
    for (;;) {
      const free = MOST_UNDER_WAY - underWay.size
      const claims = free === 0 ? [] : await w.run('look', (c) => claimDue(c, free, new Set(underWay.keys()), claimMs))
      for (const claim of claims) {
        underWay.set(claim.endpointId, deliver(w, claim, timeoutMs).finally(() => {
          underWay.delete(claim.endpointId)
          w.wake()
        }))
      }
      if (underWay.size > 0) {
        w.health('working', 'health.sending')
        await w.pause()
        continue
      }
      const dueAt = await w.run('look ahead', (c) => nextDueAt(c.db))
      w.health('working', dueAt === undefined ? 'health.idle' : 'health.waiting')
      // With nothing waiting only a call wakes it; else another process may have queued something meanwhile.
      await w.pause(dueAt === undefined ? undefined : Math.min(LONGEST_REST_MS, Math.max(0, dueAt.getTime() - w.now().getTime())))
    }
  } finally {
    await Promise.all(underWay.values())
  }
}

/** One request and its record. A failure of ours leaves the claim, which runs out. */
async function deliver(w: SenderContext, claim: Claim, timeoutMs: number): Promise<void> {
  try {
    const result = await w.run('delivery', async (c) => {
      const endpoint = await findEndpoint(c.db, claim.endpointId)
      return endpoint?.state === 'on' ? sendClaim(c, endpoint, claim, timeoutMs) : undefined
    }, { timeoutMs: timeoutMs + 10_000 })
    if (result !== undefined && !w.signal.aborted) await w.run('record', (c) => recordOutcome(c, claim, result))
  } catch (error) {
    w.log.warn('a delivery could not be made or written down; it is taken up again', { endpoint: claim.endpointId, error: error instanceof Error ? error.message : String(error) })
  }
}
