import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ButtonLink, Page } from '@liberacces/sdk/ui'
import { errorWords } from './error-words.ts'
import { OutageText, type ShownOutage } from './outage-text.tsx'
import { TechnicalDetail } from './technical-detail.tsx'
import { useTranslate, type MessageKey } from './translate.ts'

/** Statuses that have a page of their own. */
const KNOWN = [400, 403, 404, 429, 500, 503, 507] as const
/** Which of the texts is shown. */
type ErrorKind = (typeof KNOWN)[number] | 'quota'

/** A page instead of the one asked for. */
export interface ErrorPageProps {
  /** HTTP status; one without a page of its own reads like 500, or like 400 below 500. */
  readonly status: number
  /** A code of ours has words of its own; without, the status is what is explained. */
  readonly code?: string
  /** Whether the reader works here and can make something of what failed inside. To others a 5xx is a service that does not answer. @defaultValue false */
  readonly isStaff?: boolean
  /** Our own sentences, in English, for readers who administer. */
  readonly technical?: { readonly message: string; readonly fix: string }
  /** What exactly is wrong, where the page can say it: text, in the reader's language. */
  readonly detail?: string
  /** What support needs to find the request. */
  readonly traceId?: string
  /** Where going on makes sense. @defaultValue `/` */
  readonly homeHref?: string
  /** The plugin that answers nobody for now. */
  readonly outage?: ShownOutage
}

/** What happened and what to do. */
export function ErrorPage({ status, code, isStaff = false, detail, technical, traceId, homeHref = '/', outage }: ErrorPageProps): JSX.Element {
  const t = useTranslate()
  const { title, what, advice } = textsOf(status, code, isStaff)
  return (
    <Page title={t(title)} intro={outage === undefined ? what !== undefined && <p>{t(what)}</p> : <p><OutageText outage={outage} /></p>}>
      {detail !== undefined && <p><strong>{detail}</strong></p>}
      <p>{t(outage === undefined ? advice : 'outage.others')}</p>
      {technical !== undefined && <TechnicalDetail {...technical} />}
      <p class="la-form-actions"><ButtonLink href={homeHref} kind="primary">{t('error.home')}</ButtonLink></p>
      {code !== undefined && <p class="la-hint">{t('error.code')} <code>{code}</code></p>}
      {traceId !== undefined && <p class="la-hint">{t('error.trace')} <code>{traceId}</code></p>}
    </Page>
  )
}

/** Title of an error's page, for the window. */
export function errorTitleKey(status: number, code?: string, isStaff = false): MessageKey {
  return textsOf(status, code, isStaff).title
}

interface Texts {
  readonly title: MessageKey
  readonly what?: MessageKey
  readonly advice: MessageKey
}

function textsOf(status: number, code: string | undefined, isStaff: boolean): Texts {
  const words = code === undefined || (status >= 500 && !isStaff) ? undefined : errorWords(code)
  if (words !== undefined) return words
  const kind = kindOf(status, code)
  return { title: `error.${kind}.title`, what: `error.${kind}.what`, advice: `error.${kind}.advice` }
}

function kindOf(status: number, code: string | undefined): ErrorKind {
  if (status === 429 && code === 'QUOTA_EXCEEDED') return 'quota'
  if (status === 401) return 403
  return KNOWN.find((each) => each === status) ?? (status >= 500 ? 500 : 400)
}
