import type { Storage } from '../storage/storage.ts'
import type { Carriage } from './carriage.ts'
import { hasDue, lastPlanned, nextDueAt, recordOutcomes } from './delivery-rows.ts'
import type { StoreLine } from './store-line.ts'

/** Longest that a stop spends on this, in milliseconds: a mark that stays costs the next start one look. */
const LONGEST_MS = 2_000

/**
 * Takes away the marks of stores that were in use and hold nothing to deliver, at the end of a run, so that the next start need not open them
 * to find that out. What was delivered last is written down first. Nothing else may be running.
 */
export async function unmarkIdle(storage: Storage, carriage: Carriage, lines: Iterable<StoreLine>, now: number, failed: (line: StoreLine, error: unknown) => void): Promise<void> {
  const until = performance.now() + LONGEST_MS
  const clearing: Promise<void>[] = []
  for (const line of lines) {
    // Stores that this run has not opened are left to the next: opening them is what shall be spared.
    const isOver = performance.now() > until
    if (line.isDropped || (line.finished.length === 0 && (isOver || !line.isKnown || !carriage.isMarked(line.key)))) continue
    try {
      const { released } = await storage.kernelTransaction(line.key, async (tx) => {
        if (!(await carriage.confirm(tx, line.key))) return { released: undefined }
        // Without this they would be delivered once more.
        await recordOutcomes(tx, line.finished)
        if (isOver || !carriage.isMarked(line.key) || await hasDue(tx, line.planned ?? await lastPlanned(tx), now)) return { released: undefined }
        // Inside, because nobody else can be writing an event now.
        return { released: await carriage.release(tx, line.key, await nextDueAt(tx, now)) }
      })
      if (released !== undefined) clearing.push(released().catch((error: unknown) => { failed(line, error) }))
    } catch (error) {
      failed(line, error)
    }
  }
  await Promise.all(clearing)
}
