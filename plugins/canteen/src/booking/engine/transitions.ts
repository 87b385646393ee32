/** Which state a booking goes to by what happens. The seven states of {@link BOOKING_STATES}; `gone` is a booking that is no more. Pure. */
import type { BookingState } from '../tables.ts'

/** What can happen to a booking. */
export type BookingStep = 'approve' | 'refuse' | 'queue' | 'take' | 'cancel' | 'close' | 'arrive' | 'miss-justified' | 'miss-unjustified' | 'undo'

/** The one table of transitions: what is not in it cannot happen. */
const TRANSITIONS: Readonly<Record<BookingState, Readonly<Partial<Record<BookingStep, BookingState | 'gone'>>>>> = {
  'requested': { approve: 'booked', queue: 'waiting', refuse: 'refused', cancel: 'gone', close: 'gone' },
  'waiting': { take: 'booked', refuse: 'refused', cancel: 'gone', close: 'gone' },
  'booked': { 'arrive': 'present', 'miss-justified': 'absent-justified', 'miss-unjustified': 'absent-unjustified', 'cancel': 'gone', 'close': 'gone' },
  'present': { 'undo': 'booked', 'miss-justified': 'absent-justified', 'miss-unjustified': 'absent-unjustified' },
  'absent-justified': { 'arrive': 'present', 'miss-unjustified': 'absent-unjustified', 'undo': 'booked' },
  'absent-unjustified': { 'arrive': 'present', 'miss-justified': 'absent-justified', 'undo': 'booked' },
  'refused': { cancel: 'gone', close: 'gone' },
}

/** The state after a step; `undefined` where the step cannot be taken. */
export function after(state: BookingState, step: BookingStep): BookingState | 'gone' | undefined {
  return TRANSITIONS[state][step]
}
