/** Tables of the area attendance: who came, and what is told to the kitchen. */
// What there is beyond the state of a booking is added here.
export type AttendanceTables = Readonly<Record<never, never>>
