import type { Locale, MessageValues } from '@liberacces/sdk'
import { IntlMessageFormat } from 'intl-messageformat'
import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from './release.ts'

/** Whose messages: a release, as far as they take it. */
export interface Messages {
  readonly manifest: Pick<LoadedRelease['manifest'], 'id'>
  readonly plugin: Pick<LoadedRelease['plugin'], 'messages'>
}

/** Gives a plugin's message in a language. */
export type Translate = (key: string, values?: MessageValues) => string

const translators = new WeakMap<Messages, Map<Locale, Translate>>()

/** The messages of a release in one language, parsed once each. */
export function translatorOf(release: Messages, locale: Locale): Translate {
  const ofRelease = translators.get(release) ?? new Map<Locale, Translate>()
  translators.set(release, ofRelease)
  const known = ofRelease.get(locale)
  if (known !== undefined) return known
  const translate = translator(release, locale)
  ofRelease.set(locale, translate)
  return translate
}

function translator(release: Messages, locale: Locale): Translate {
  const texts: Readonly<Record<string, string>> = release.plugin.messages[locale]
  const parsed = new Map<string, string | IntlMessageFormat>()
  return (key, values) => {
    let message = parsed.get(key)
    if (message === undefined) {
      const text = Object.hasOwn(texts, key) ? texts[key] : undefined
      if (text === undefined) {
        throw new PlatformError('MESSAGE_UNKNOWN', `Plugin "${release.manifest.id}" has no message "${key}".`, { fix: 'Add it to messages/fr.json and messages/en.json.' })
      }
      message = /[{'<]/.test(text) ? new IntlMessageFormat(text, locale) : text
      parsed.set(key, message)
    }
    return typeof message === 'string' ? message : String(message.format(values as Record<string, string> | undefined))
  }
}
