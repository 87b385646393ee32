import { expect, test } from 'vitest'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import type { Gathering } from '../src/gathering.ts'
import { momentFault } from '../src/gathering.ts'
import { icalendar } from '../src/icalendar.ts'

const FEED = { name: 'Aytré', domain: 'aytre.example', product: '-//Example//Test//FR', url: 'https://aytre.example/' }
const GATHERING: Gathering = { id: '1', title: 'Conseil', place: 'Mairie', startsAt: '2026-03-02T17:00:00.000Z', endsAt: '2026-03-02T19:00:00.000Z', isCancelled: false, changes: 2, changedAt: '2026-03-01T08:00:00.000Z' }
const lines = (gathering: Partial<Gathering>): readonly string[] => icalendar(FEED, [{ ...GATHERING, ...gathering }]).split('\r\n')

test('a date is identified, timed in UTC and counted by its changes', () => {
  expect(lines({})).toEqual(expect.arrayContaining(['BEGIN:VCALENDAR', 'VERSION:2.0', 'UID:1@aytre.example', 'DTSTART:20260302T170000Z', 'DTEND:20260302T190000Z', 'DTSTAMP:20260301T080000Z', 'SEQUENCE:2', 'STATUS:CONFIRMED', 'END:VCALENDAR']))
  expect(lines({ isCancelled: true })).toContain('STATUS:CANCELLED')
  expect(icalendar(FEED, []).endsWith('END:VCALENDAR\r\n')).toBe(true)
})

test('nothing in a title begins a property of its own', () => {
  expect(lines({ title: 'A;B,C\\D\r\nATTACH:evil\u0007' })).toContain('SUMMARY:A\\;B\\,C\\\\D\\nATTACH:evil')
})

test('no line has more than 75 octets, no character is torn, and unfolding gives the text back', () => {
  const title = 'Fête de l’été 🎉 '.repeat(20).trim()
  const text = icalendar(FEED, [{ ...GATHERING, title }])
  expect(text.split('\r\n').filter((line) => Buffer.byteLength(line) > 75)).toEqual([])
  expect(text.includes('\ufffd')).toBe(false)
  expect(text.replaceAll('\r\n ', '')).toContain(`SUMMARY:${title}\r\n`)
})

test('a date ends after it began, within a month', () => {
  expect([momentFault('2026-03-02T17:00:00Z', '2026-03-02T17:00:00Z'), momentFault('2026-03-02T17:00:00Z', '2026-05-02T17:00:00Z'), momentFault('2026-03-02T17:00:00Z', '2026-03-03T17:00:00Z')]).toEqual(['reversed', 'too-long', undefined])
})

test('both languages say the same things', () => {
  expect(Object.keys(en)).toEqual(Object.keys(fr))
})
