import type { Locale } from '@liberacces/sdk'

/** A declared text in the reader's language; French where the language has none. */
export function textIn(locale: Locale, text: { readonly fr: string; readonly en?: string | undefined }): string {
  return locale === 'en' ? (text.en ?? text.fr) : text.fr
}
