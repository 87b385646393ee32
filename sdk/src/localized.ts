/** Languages every plugin ships complete. French is the reference, English the second. */
export const LOCALES = ['fr', 'en'] as const

/** A language the platform speaks. */
export type Locale = (typeof LOCALES)[number]

/** A short text in the reader's language. Where `en` is missing the French text is shown. */
export interface Localized {
  readonly fr: string
  readonly en?: string
}
