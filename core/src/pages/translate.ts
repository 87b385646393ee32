import type { Locale, MessageValues } from '@liberacces/sdk'
import { useReader } from '@liberacces/sdk/ui'
import { IntlMessageFormat } from 'intl-messageformat'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }

/** Key of a text of the platform's own pages. */
export type MessageKey = keyof typeof fr

/** A text in the reader's language. */
export type Translate = (key: MessageKey, values?: MessageValues) => string

// Typed by the French keys: an English file that lacks one does not compile.
const MESSAGES: Readonly<Record<Locale, Readonly<Record<MessageKey, string>>>> = { fr, en }
const formats = new Map<string, IntlMessageFormat>()

/** The texts of the platform's own pages in one language. */
export function translator(locale: Locale): Translate {
  return (key, values) => {
    if (values === undefined) return MESSAGES[locale][key]
    const id = `${locale} ${key}`
    const format = formats.get(id) ?? new IntlMessageFormat(MESSAGES[locale][key], locale)
    formats.set(id, format)
    return String(format.format({ ...values }))
  }
}

/** The same within a component, in the language of the page's reader. */
export function useTranslate(): Translate {
  return translator(useReader().locale)
}
