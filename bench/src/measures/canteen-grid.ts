import { schoolMeasure } from '../canteen-school.ts'

/** The plugins families and canteen as they are, beside plain statements and text over HTTP. */
export const canteenGrid = schoolMeasure('canteen-grid', 'the week of a family of three children with four units each, as the page comes', { turn: 'grids', share: 0.95, what: 'p95 of a week’s grid', limit: 30 })
