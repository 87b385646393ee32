import type { OperatorGrantRow } from '../storage/platform-tables.ts'
import type { GrantFacts } from './reach.ts'
import { isOpen } from './reach.ts'

/** How a grant came to its end: by hand, refused by the tenant, at its time, or because nobody answered the request. */
export type GrantEnd = NonNullable<OperatorGrantRow['end_kind']>

/** A Pool operator's leave to enter a tenant for a time, with a reason. Times in milliseconds since the Unix epoch. */
export interface Grant extends GrantFacts {
  readonly id: string
  /** An account of the Pool. */
  readonly operatorId: string
  readonly operatorName: string
  readonly reason: string
  /** How long it holds once it is opened. */
  readonly minutes: number
  readonly requestedAt: number
  readonly requestedBy: string
  /** A request that nobody answered until then lapses. */
  readonly decideBy: number
  readonly openedBy: string | undefined
  readonly endedBy: string | undefined
  readonly endKind: GrantEnd | undefined
}

/** Shortest and longest time of a grant, in minutes. */
export const GRANT_MINUTES = { least: 15, most: 480 } as const
/** A request waits this long for the tenant, in milliseconds: a week. */
export const REQUEST_WAITS_MS = 7 * 24 * 3_600_000

/** Where a grant stands. What time decides needs no one to write it down. */
export type GrantState = 'requested' | 'open' | 'over'

/** Where a grant stands now. Pure. */
export function grantState(grant: Grant, now: number): GrantState {
  if (isOpen(grant, now)) return 'open'
  return grant.endedAt === undefined && grant.openedAt === undefined && now < grant.decideBy ? 'requested' : 'over'
}

/** How a grant ended; what time decided counts before it is written down. Pure. */
export function grantEnd(grant: Grant, now: number): GrantEnd | undefined {
  if (grant.endKind !== undefined) return grant.endKind
  if (grantState(grant, now) !== 'over') return undefined
  return grant.openedAt === undefined ? 'lapsed' : 'expired'
}

/** A grant as it is stored. */
export function grantOf(row: OperatorGrantRow): Grant {
  return Object.freeze({
    id: row.id, tenantId: row.tenant_id, operatorId: row.account_id, operatorName: row.operator_name, role: row.role, writes: row.writes === 1,
    reason: row.reason, minutes: row.minutes, requestedAt: row.requested_at, requestedBy: row.requested_by, decideBy: row.decide_by,
    openedAt: row.opened_at ?? undefined, openedBy: row.opened_by ?? undefined, endsAt: row.ends_at ?? undefined,
    endedAt: row.ended_at ?? undefined, endedBy: row.ended_by ?? undefined, endKind: row.end_kind ?? undefined,
  })
}
