import { InTurn } from '../in-turn.ts'

/**
 * Most look-ups under way. The machine's resolver holds a thread for as long as it waits, of four that also read and write files: one is
 * left for those whatever names lead nowhere.
 */
const MOST_LOOKUPS = 3

/** All addresses of a host name. */
export type Lookup = (host: string) => Promise<readonly string[]>

/** A look-up on behalf of a plugin. */
export type LookupFor = (plugin: string, host: string, signal: AbortSignal) => Promise<readonly string[]>

/**
 * Has names looked up one at a time for each plugin, and few at a time for all: a plugin that asks for names whose servers do not answer waits for
 * them alone. Whose signal is aborted while it waits for its turn asks for nothing.
 */
export function lookupInTurns(lookup: Lookup): LookupFor {
  const turns = new InTurn()
  const waiting: (() => void)[] = []
  let free = MOST_LOOKUPS
  return (plugin, host, signal) => turns.take(plugin, async () => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => { waiting.push(resolve) })
    try {
      signal.throwIfAborted()
      return await lookup(host)
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  })
}
