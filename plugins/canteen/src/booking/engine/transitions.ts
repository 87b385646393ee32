/** Which state a booking goes to by what families and the office do; `gone` is a booking that is no more. Who was there is recorded by the area attendance, which the last record decides. Pure. */
import type { BookingState } from '../tables.ts'

/** What can happen to a booking. */
export type BookingStep = 'approve' | 'queue' | 'refuse' | 'take' | 'cancel'

/** The one table of these steps: what is not in it cannot happen. */
const TRANSITIONS: Readonly<Record<BookingState, Readonly<Partial<Record<BookingStep, BookingState | 'gone'>>>>> = {
  'requested': { approve: 'booked', queue: 'waiting', refuse: 'refused', cancel: 'gone' },
  'waiting': { take: 'booked', cancel: 'gone' },
  'booked': { cancel: 'gone' },
  'present': {},
  'absent-justified': {},
  'absent-unjustified': {},
  'refused': { cancel: 'gone' },
}

/** The state after a step; `undefined` where the step cannot be taken. */
export function after(state: BookingState, step: BookingStep): BookingState | 'gone' | undefined {
  return TRANSITIONS[state][step]
}
