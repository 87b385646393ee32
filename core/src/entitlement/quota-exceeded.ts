import { PlatformError } from '../errors.ts'
import { quotaText } from './quota-text.ts'
import type { DailyKind } from './quota-kind.ts'

const WHAT: Readonly<Record<DailyKind, string>> = { events: 'events', mails: 'mails', cpu: 'computing time' }

/** A day's quota is used up. @param retryAfterSeconds - until the next day begins */
export function dailyQuotaExceeded(kind: DailyKind, limit: number, retryAfterSeconds: number): PlatformError {
  return new PlatformError('QUOTA_EXCEEDED', `This tenant has used up its ${WHAT[kind]} of today: ${quotaText(kind, limit)}.`, {
    fix: 'Wait until tomorrow (midnight in Paris), or ask the Pool for more.', retryAfterSeconds,
  })
}

/** There is no room left. All in bytes; `more` is left out where nobody knows how much it would have been. */
export function storageQuotaExceeded(used: number, limit: number, more: number | undefined, cause?: unknown): PlatformError {
  return new PlatformError('QUOTA_EXCEEDED', `This tenant stores ${quotaText('storage', used)} of ${quotaText('storage', limit)}; ${more === undefined ? 'what it writes does' : `${quotaText('storage', more)} more do`} not fit.`, {
    fix: 'Delete what is no longer needed, or ask the Pool for more.', ...(cause === undefined ? {} : { cause }),
  })
}
