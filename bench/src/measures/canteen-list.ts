import { schoolMeasure } from '../canteen-school.ts'

/** The plugins families and canteen as they are, beside plain statements and text over HTTP. */
export const canteenList = schoolMeasure('canteen-list', 'the list of a day with three hundred children, as the page comes', { turn: 'lists', share: 0.5, what: 'p50 of a list of 300 children', limit: 50 })
