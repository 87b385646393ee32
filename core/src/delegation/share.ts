import type { ShareRow } from '../storage/platform-tables.ts'
import type { ShareFacts } from './reach.ts'

/** What a tenant shares with a satellite of its own. Times in milliseconds since the Unix epoch. */
export interface Share extends ShareFacts {
  readonly offeredAt: number
  readonly offeredBy: string
  readonly acceptedBy: string | undefined
}

/** A share as it is stored. */
export function shareOf(row: ShareRow): Share {
  return Object.freeze({
    satelliteId: row.satellite_id, parentId: row.parent_id, what: row.what, permissions: Object.freeze(JSON.parse(row.permissions_json) as string[]),
    offeredAt: row.offered_at, offeredBy: row.offered_by, acceptedAt: row.accepted_at ?? undefined, acceptedBy: row.accepted_by ?? undefined,
  })
}
