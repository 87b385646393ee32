import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { asSentence } from './as-sentence.ts'
import { useTranslate } from './translate.ts'

/** What the kernel itself says of an error, folded away: it names which plugin, which version, which limit, in English. */
export function TechnicalDetail({ message, fix = '' }: { readonly message: string; readonly fix?: string }): JSX.Element {
  const t = useTranslate()
  return <details><summary>{t('error.technical')}</summary><p lang="en">{`${asSentence(message)} ${fix}`.trim()}</p></details>
}
