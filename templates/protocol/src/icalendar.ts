/** The iCalendar format (RFC 5545), as far as a feed needs it. Pure. */
import type { Gathering } from './gathering.ts'

/** What a feed says of itself. */
export interface Feed {
  /** Shown by calendars. */
  readonly name: string
  /** Makes the ids of its dates different from those of all others: a host name. */
  readonly domain: string
  /** Which program wrote it. */
  readonly product: string
  /** Where a date can be read. */
  readonly url: string
}

/** Most octets of a line, its line break not counted. */
const LONGEST_LINE = 75

/** A feed with its dates. Calendars keep what has the same UID and replace it when SEQUENCE grew. */
export function icalendar({ name, domain, product, url }: Feed, gatherings: readonly Gathering[]): string {
  return [
    'BEGIN:VCALENDAR', 'VERSION:2.0', `PRODID:${escaped(product)}`, 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH', `NAME:${escaped(name)}`, `X-WR-CALNAME:${escaped(name)}`, 'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    ...gatherings.flatMap(({ id, title, place, startsAt, endsAt, isCancelled, changes, changedAt }) => [
      'BEGIN:VEVENT', `UID:${id}@${domain}`, `DTSTAMP:${moment(changedAt)}`, `LAST-MODIFIED:${moment(changedAt)}`, `SEQUENCE:${changes}`, `DTSTART:${moment(startsAt)}`, `DTEND:${moment(endsAt)}`,
      `SUMMARY:${escaped(title)}`, ...(place === '' ? [] : [`LOCATION:${escaped(place)}`]), `URL:${url}`, `STATUS:${isCancelled ? 'CANCELLED' : 'CONFIRMED'}`, 'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ].map((line) => `${folded(line)}\r\n`).join('')
}

/** A text value: a line break would begin another property. Control characters have no place in one. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(';', '\\;').replaceAll(',', '\\,').replaceAll(/\r\n?|\n/g, '\\n').replaceAll(/\p{Cc}/gu, '')
}

/** `20260302T080000Z`. */
function moment(iso: string): string {
  return new Date(iso).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
}

/** Breaks a long line between characters, never within one: the limit is in octets. */
function folded(line: string): string {
  let [out, octets] = ['', 0]
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > LONGEST_LINE) {
      out += '\r\n '
      octets = 1
    }
    out += character
    octets += size
  }
  return out
}
