import type { DeliveryView } from '../events/event-bus.ts'
import { textTable, textTime } from './text-table.ts'

/** Deliveries, one a line. */
export function eventTable(rows: readonly DeliveryView[], empty: string): string {
  return textTable(
    ['event', 'time', 'type', 'subject', 'to', 'status', 'tries', 'error'],
    rows.map(({ eventId, time, type, subject, subscriber, handler, status, attempts, lastError }) =>
      [eventId, textTime(time), type, subject, subscriber === undefined ? undefined : `${subscriber}/${handler ?? ''}`, status, attempts, lastError]),
    empty,
  )
}
