import type { ReplayCounts } from '../events/desk/replay-selection.ts'

/** What a replay does, in a sentence or more. */
export function replayText({ events, queued, underWay, accepted, gone }: ReplayCounts): string {
  const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`
  return [
    `${many(events, 'event', 'events')}: ${many(queued, 'delivery', 'deliveries')} to be made`,
    ...(underWay > 0 ? [`${underWay} under way and brought forward`] : []),
    ...(accepted > 0 ? [`${accepted} passed over, as the handler has dealt with the event (--again to do so once more)`] : []),
    ...(gone > 0 ? [`${gone} left, as the handler is not there any more`] : []),
  ].join(', ').concat('.')
}
