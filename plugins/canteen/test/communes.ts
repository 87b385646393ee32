/** The published rules of five communes, as configurations of activities. Prices are not here. */
import type { Limit, Limits, Rules } from '../src/booking/deadlines/rules.ts'

const always = (limit: Limit): Limits => [{ weekdays: '1234567', limit }]
const usual = { late: 'refused', openOn: ['school'], waitingList: true, offerHours: 24 } as const

/** By commune and activity. */
export const COMMUNES = {
  /** Mon. and Tue. before the preceding Friday 9:00, Thu. and Fri. before the preceding Tuesday 9:00; late ones are taken with a surcharge. */
  vailhauques: {
    ...usual, late: 'surcharge', cancel: 'same',
    add: [{ weekdays: '12', limit: { kind: 'previous-weekday', weekday: 5, at: '09:00' } }, { weekdays: '34567', limit: { kind: 'previous-weekday', weekday: 2, at: '09:00' } }],
  },
  /** Eight days before at midnight. */
  leCres: { ...usual, cancel: 'same', add: always({ kind: 'days-before', days: 8, at: '24:00', skip: [] }) },
  /** Thursday noon for all of the next week. */
  spay: { ...usual, cancel: 'same', add: always({ kind: 'week-before', weekday: 4, at: '12:00' }) },
  /** The canteen on Tuesday 23:59 for the next week. */
  veyrasCanteen: { ...usual, cancel: 'same', add: always({ kind: 'week-before', weekday: 2, at: '23:59' }) },
  /** The garderie the day before at 18:00. */
  veyrasGarderie: { ...usual, cancel: 'same', add: always({ kind: 'days-before', days: 1, at: '18:00', skip: [] }) },
  /** The day before at midnight; a booking can be given up at any time. */
  labruguiere: { ...usual, cancel: 'never', add: always({ kind: 'days-before', days: 1, at: '24:00', skip: [] }) },
} as const satisfies Readonly<Record<string, Rules | object>>

/** The same, with the type that the rules have. */
export function rulesOf(commune: keyof typeof COMMUNES): Rules {
  return structuredClone(COMMUNES[commune]) as unknown as Rules
}
