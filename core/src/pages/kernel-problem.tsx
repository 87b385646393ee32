import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { asSentence } from './as-sentence.ts'
import { errorWords } from './error-words.ts'
import { TechnicalDetail } from './technical-detail.tsx'
import { useTranslate } from './translate.ts'

/** What the kernel refused, or failed at. */
export interface ShownProblem {
  readonly code: string
  /** In English, of the kernel or of a plugin. */
  readonly message: string
  readonly fix: string
}

/** An error of the kernel within a page: what it is and what to do in the reader's language, with its code; the kernel's own sentence is folded away. */
export function KernelProblem({ code, message, fix }: ShownProblem): JSX.Element {
  const t = useTranslate()
  const words = errorWords(code)
  if (words === undefined) return <p><span lang="en">{asSentence(message)} {fix}</span> <code>{code}</code></p>
  return (
    <>
      <p>{t(words.title)}. {t(words.advice)} <code>{code}</code></p>
      <TechnicalDetail message={message} fix={fix} />
    </>
  )
}
