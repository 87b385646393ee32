import { load, type LoadResult, type Target } from './load.ts'
import type { Program } from './program.ts'
import type { Workshop } from './workshop.ts'

/** One side of a comparison. */
export interface Side {
  readonly program: Program
  readonly target: Target
}

/** What one side reached in one round. */
export interface Round extends LoadResult {
  /** Processor time of the server, in microseconds per request. */
  readonly cpu: number
}

/** Loads both sides in turn, round by round, after warming both up: what disturbs the machine disturbs both. */
export async function compare(workshop: Workshop, ours: Side, bare: Side): Promise<{ readonly ours: readonly Round[]; readonly bare: readonly Round[] }> {
  await load(ours.target, workshop.roundMs)
  await load(bare.target, workshop.roundMs)
  const results = { ours: [] as Round[], bare: [] as Round[] }
  for (let round = 0; round < workshop.rounds; round += 1) {
    // Who goes first changes, so that neither always meets what the other leaves behind.
    for (const side of round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) results[side].push(await measure(side === 'ours' ? ours : bare, workshop.roundMs))
  }
  return results
}

async function measure({ program, target }: Side, ms: number): Promise<Round> {
  const before = await program.cpu()
  const result = await load(target, ms)
  return { ...result, cpu: (await program.cpu() - before) / result.requests }
}
