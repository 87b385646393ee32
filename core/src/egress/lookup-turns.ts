import { untilAborted } from '../until-aborted.ts'

/** Most look-ups of one plugin under way; those of others are no concern of it. */
const MOST_LOOKUPS = 8
/** Longest that one may take, in milliseconds: then its turn is another's, whether it has ended or not. */
const LONGEST_MS = 10_000

/**
 * All addresses of a host name.
 * @param signal - nobody waits for them any more
 */
export type Lookup = (host: string, signal: AbortSignal) => Promise<readonly string[]>

/** A look-up on behalf of a plugin. */
export type LookupFor = (plugin: string, host: string, signal: AbortSignal) => Promise<readonly string[]>

interface Turns {
  underWay: number
  readonly waiting: Set<() => void>
}

/**
 * Has names looked up, few at a time for each plugin: one that asks for many whose servers do not answer waits for them alone, and for each no longer than
 * ten seconds. Whose signal is aborted while it waits for its turn asks for nothing.
 */
export function lookupInTurns(lookup: Lookup): LookupFor {
  const plugins = new Map<string, Turns>()
  return async (plugin, host, signal) => {
    const turns = plugins.get(plugin) ?? { underWay: 0, waiting: new Set() }
    plugins.set(plugin, turns)
    try {
      await turnOf(turns, signal)
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)])
        return await untilAborted(lookup(host, limit), limit)
      } finally {
        leave(turns)
      }
    } finally {
      if (turns.underWay === 0 && turns.waiting.size === 0) plugins.delete(plugin)
    }
  }
}

/** @throws the signal's reason */
async function turnOf(turns: Turns, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (turns.underWay < MOST_LOOKUPS) {
    turns.underWay += 1
    return
  }
  const { promise, resolve } = Promise.withResolvers<void>()
  const take = (): void => {
    turns.waiting.delete(take)
    turns.underWay += 1
    resolve()
  }
  turns.waiting.add(take)
  try {
    await untilAborted(promise, signal)
  } catch (error) {
    // It may have been given its turn in the same moment.
    if (!turns.waiting.delete(take)) leave(turns)
    throw error
  }
}

function leave(turns: Turns): void {
  turns.underWay -= 1
  const [next] = turns.waiting
  next?.()
}
