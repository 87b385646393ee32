import type { Category } from '../article-content.ts'

/** Days of the week as `Date` counts them. */
export const WEEKDAYS = { dimanche: 0, lundi: 1, mardi: 2, mercredi: 3, jeudi: 4, vendredi: 5, samedi: 6 } as const
/** One of them. */
type Weekday = keyof typeof WEEKDAYS

/** What a sample article is told of the collectivité. */
export interface Place {
  /** As it is written after « à »: `La Rochelle`. */
  readonly name: string
  /** Persons. */
  readonly population: number
  /** A choice that is the same at every run. */
  readonly pick: <Value>(values: readonly [Value, ...Value[]]) => Value
  /** The first such weekday that comes at least so many days after the article appears, in words, such as `samedi 4 avril`. */
  readonly on: (weekday: Weekday, daysAfter: number) => string
}

/** An article to show, as an agent would have written it. */
export interface Sample {
  readonly category: Category
  /** Smallest municipality it makes sense for, persons. @defaultValue 0 */
  readonly fromPopulation?: number
  /** Months in which it may appear, from 1. @defaultValue all of them */
  readonly months?: readonly number[]
  /** An alert of the day: it makes sense neither as a draft nor for next week. */
  readonly alert?: true
  /** Alternative text: the article has a picture. */
  readonly imageAlt?: string
  /** Name of its attachment, and its lines. */
  readonly attachment?: (place: Place) => { readonly name: string; readonly lines: readonly string[] }
  readonly write: (place: Place) => { readonly title: string; readonly summary: string; readonly body: string }
}
