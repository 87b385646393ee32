import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Locale } from '../localized.ts'

/** What components must know of the page's reader. */
export interface Reader {
  readonly locale: Locale
  /** Token that forms carry back, against forged requests. Empty where the page has no session. */
  readonly csrfToken: string
}

const ReaderContext = createContext<Reader>({ locale: 'fr', csrfToken: '' })

/** Wraps a page so that its components know the reader. */
export const ReaderProvider = ReaderContext.Provider

/** The page's reader. */
export function useReader(): Reader {
  return useContext(ReaderContext)
}
