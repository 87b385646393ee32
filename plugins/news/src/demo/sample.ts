import type { Category } from '../article-content.ts'

/** What a sample article is told of the collectivité. */
export interface Place {
  /** As it is written after « à »: `La Rochelle`. */
  readonly name: string
  /** Persons. */
  readonly population: number
  /** A choice that is the same at every run. */
  readonly pick: <Value>(values: readonly [Value, ...Value[]]) => Value
  /** A date some days after the article appears (before it, if negative), in words, such as `samedi 4 avril`. */
  readonly day: (daysAfter: number) => string
}

/** An article to show, as an agent would have written it. */
export interface Sample {
  readonly category: Category
  /** Smallest municipality it makes sense for, persons. @defaultValue 0 */
  readonly fromPopulation?: number
  /** Alternative text: the article has a picture. */
  readonly imageAlt?: string
  /** Name of its attachment, and its lines. */
  readonly attachment?: (place: Place) => { readonly name: string; readonly lines: readonly string[] }
  readonly write: (place: Place) => { readonly title: string; readonly summary: string; readonly body: string }
}
