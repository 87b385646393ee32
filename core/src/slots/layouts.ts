import type { PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'

/** A step that a person asks for with a contribution. */
export const MOVES = ['up', 'down', 'hide', 'show'] as const
/** One of {@link MOVES}. */
export type Move = (typeof MOVES)[number]

/** A contribution where a person put it. */
export interface Placed<Contribution> {
  readonly contribution: Contribution
  readonly hidden: boolean
}

/** How people arranged the slots of their pages. */
export interface Layouts {
  /** Contributions in the person's order; those never placed come last, in the plugins' order. */
  arrange<Contribution extends { readonly key: string }>(accountId: string, slotId: string, contributions: readonly Contribution[]): Promise<readonly Placed<Contribution>[]>
  /** Moves one contribution. What is at the edge or unknown stays. */
  move(accountId: string, slotId: string, contributions: readonly { readonly key: string }[], key: string, move: Move): Promise<void>
}

/** Layouts on the kernel's tables. */
export function createLayouts(storage: Storage): Layouts {
  // Compiled once: every page with a slot asks, and building the query costs more than running it.
  const find = storage.platform.selectFrom('layout').select(['contribution', 'position', 'hidden']).where('account_id', '=', '').where('slot_id', '=', '').compile()

  const arrange: Layouts['arrange'] = async (accountId, slotId, contributions) => {
    const { rows } = await storage.platform.executeQuery<Pick<PlatformTables['layout'], 'contribution' | 'position' | 'hidden'>>({ ...find, parameters: [accountId, slotId] })
    const placed = new Map(rows.map((row) => [row.contribution, row]))
    const position = (key: string): number => placed.get(key)?.position ?? Number.MAX_SAFE_INTEGER
    return contributions
      .map((contribution) => ({ contribution, hidden: placed.get(contribution.key)?.hidden === 1 }))
      .toSorted((a, b) => position(a.contribution.key) - position(b.contribution.key))
  }
  return {
    arrange,
    async move(accountId, slotId, contributions, key, move) {
      const arranged = moved(await arrange(accountId, slotId, contributions), key, move)
      await storage.platformTransaction(async (tx) => {
        await tx.deleteFrom('layout').where('account_id', '=', accountId).where('slot_id', '=', slotId).execute()
        const rows = arranged.map(({ contribution, hidden }, position) => ({ account_id: accountId, slot_id: slotId, contribution: contribution.key, position, hidden: hidden ? 1 : 0 }))
        if (rows.length > 0) await tx.insertInto('layout').values(rows).execute()
      })
    },
  }
}

/** The arrangement after one step. Pure. */
export function moved<Contribution extends { readonly key: string }>(arranged: readonly Placed<Contribution>[], key: string, move: Move): readonly Placed<Contribution>[] {
  const index = arranged.findIndex(({ contribution }) => contribution.key === key)
  const one = arranged[index]
  if (one === undefined) return arranged
  switch (move) {
    case 'hide':
    case 'show': return arranged.with(index, { ...one, hidden: move === 'hide' })
    case 'up':
    case 'down': {
      const other = index + (move === 'up' ? -1 : 1)
      const neighbour = arranged[other]
      return neighbour === undefined ? arranged : arranged.with(index, neighbour).with(other, one)
    }
    default: return move satisfies never
  }
}
