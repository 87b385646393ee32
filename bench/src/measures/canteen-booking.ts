import { schoolMeasure } from '../canteen-school.ts'

/** The plugins families and canteen as they are, beside plain statements and text over HTTP. */
export const canteenBooking = schoolMeasure('canteen-booking', 'a meal booked by its form with every rule, and the minute in which a hundred families want the last thirty places', { turn: 'bookings', share: 0.95, what: 'p95 of a booking', limit: 15 })
