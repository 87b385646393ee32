import { PlatformError } from '../errors.ts'

/** A tenant of a wave, and what became of it. */
export interface WaveOutcome<Result> {
  readonly tenantId: string
  /** `waiting`: for somebody's consent; that is no failure. `left`: the wave had stopped before. */
  readonly state: 'done' | 'failed' | 'waiting' | 'left'
  readonly result?: Result
  readonly error?: unknown
}

/** How a wave goes. */
export interface WaveOptions<Result> {
  readonly tenantIds: readonly string[]
  readonly each: (tenantId: string) => Promise<Result>
  /** Tenants under way at a time: 1 to 16. @defaultValue 2 */
  readonly concurrency?: number
  /** The wave stops when so many have failed: 1 or more. @defaultValue 1 */
  readonly maxFailures?: number
  /** Told of each tenant as soon as it is through. */
  readonly told?: (outcome: WaveOutcome<Result>, through: number, total: number) => void
  /** Ends the wave before the next tenant. */
  readonly signal?: AbortSignal
  /** Asked before each tenant; the wave ends with its error once those under way are through. */
  readonly requireOwn?: () => Promise<void>
}

/**
 * Does something tenant by tenant, a few at a time, and stops at the first failures; those under way are still finished. Going through the same
 * tenants again goes on where it stopped, because what is done is found unchanged.
 * @returns one outcome for each tenant, in the order given
 * @throws what {@link WaveOptions.requireOwn} throws
 */
export async function wave<Result>({ tenantIds, each, concurrency = 2, maxFailures = 1, told, signal, requireOwn }: WaveOptions<Result>): Promise<readonly WaveOutcome<Result>[]> {
  const outcomes = new Map<string, WaveOutcome<Result>>()
  const waiting = [...tenantIds]
  let failures = 0
  const lost: unknown[] = []
  const isOwn = async (): Promise<boolean> => {
    await requireOwn?.().catch((error: unknown) => { lost.push(error) })
    return lost.length === 0
  }
  const work = async (): Promise<void> => {
    while (failures < maxFailures && signal?.aborted !== true && await isOwn()) {
      const tenantId = waiting.shift()
      if (tenantId === undefined) return
      const outcome = await one(tenantId, each)
      if (outcome.state === 'failed') failures += 1
      outcomes.set(tenantId, outcome)
      told?.(outcome, outcomes.size, tenantIds.length)
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, tenantIds.length) }, work))
  if (lost.length > 0) throw lost[0]
  return tenantIds.map((tenantId) => outcomes.get(tenantId) ?? { tenantId, state: 'left' })
}

async function one<Result>(tenantId: string, each: (tenantId: string) => Promise<Result>): Promise<WaveOutcome<Result>> {
  try {
    return { tenantId, state: 'done', result: await each(tenantId) }
  } catch (error) {
    return { tenantId, state: error instanceof PlatformError && error.code === 'PLUGIN_CONSENT_NEEDED' ? 'waiting' : 'failed', error }
  }
}
