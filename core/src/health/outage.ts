import { PlatformError } from '../errors.ts'

/** Why a plugin answers nobody, or not this tenant, for now. */
export type OutageKind =
  /** An operator stopped it. */
  | 'stopped'
  /** It crashed too often. */
  | 'quarantined'
  /** Its process ended, and is started again. */
  | 'restarting'
  /** Its calls failed for this tenant of late, so they are not tried for a while. */
  | 'paused'

/** That a plugin answers nobody for now, as anybody may know it. */
export interface Outage {
  readonly kind: OutageKind
  readonly pluginId: string
  /** In milliseconds since the Unix epoch. */
  readonly since: number
}

const OUTAGES = new WeakMap<PlatformError, Outage>()

const TEXT = {
  stopped: ['was stopped by the operator of the platform', 'The operator starts it again: liberacces plugin start.'],
  quarantined: ['was stopped because it crashed too often', 'Look at its log; then `liberacces plugin start`, or install another release.'],
  restarting: ['is being started again', 'Try again in a moment.'],
  paused: ['failed too often here of late and is not tried for a moment', 'It is tried again by itself. Look at its log lines and its settings.'],
} as const satisfies Record<OutageKind, readonly [what: string, fix: string]>

/** The refusal of a call because of an outage: `UNAVAILABLE`. @param retryAfterSeconds - when a new try makes sense: 1 or more */
export function outageError(outage: Outage, retryAfterSeconds: number): PlatformError {
  const [what, fix] = TEXT[outage.kind]
  const error = new PlatformError('UNAVAILABLE', `Plugin "${outage.pluginId}" ${what}.`, { fix, retryAfterSeconds: Math.max(1, Math.ceil(retryAfterSeconds)) })
  OUTAGES.set(error, outage)
  return error
}

/** The outage that an error tells of. */
export function outageOf(error: unknown): Outage | undefined {
  return error instanceof PlatformError ? OUTAGES.get(error) : undefined
}
