import type { Day } from '@liberacces/sdk'

/** Seats of the council by municipal population, as the law had it from a day on. */
interface SeatsTable {
  readonly source: string
  readonly validFrom: Day
  /** Smallest population of each band, persons, and its seats; ascending. */
  readonly bands: readonly (readonly [fromPopulation: number, seats: number])[]
}

/**
 * Versions of the table, latest first. It applies to the first general renewal after it came into force. Paris, Lyon
 * and Marseille have rules of their own (CGCT, L2512-3 and L2513-1).
 */
const COUNCIL_SEATS: readonly SeatsTable[] = [
  {
    source: 'CGCT, article L2121-2 (loi n° 2013-403 du 17 mai 2013)',
    validFrom: '2014-03-23' as Day,
    bands: [
      [0, 7], [100, 11], [500, 15], [1_500, 19], [2_500, 23], [3_500, 27], [5_000, 29], [10_000, 33], [20_000, 35], [30_000, 39],
      [40_000, 43], [50_000, 45], [60_000, 49], [80_000, 53], [100_000, 55], [150_000, 59], [200_000, 61], [250_000, 65], [300_000, 69],
    ],
  },
]

/** Seats of a commune's council elected on a day; `undefined` for days before the first known table. */
export function councilSeats(population: number, day: Day): number | undefined {
  const table = COUNCIL_SEATS.find(({ validFrom }) => validFrom <= day)
  return table?.bands.findLast(([fromPopulation]) => fromPopulation <= Math.max(0, population))?.[1]
}

/** Most deputies the council may choose: three tenths of its seats, rounded down (CGCT, article L2122-2). */
export function mostDeputies(seats: number): number {
  return Math.floor(seats * 0.3)
}
