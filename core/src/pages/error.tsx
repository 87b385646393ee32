import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ButtonLink, Page } from '@liberacces/sdk/ui'
import { OutageText, type ShownOutage } from './outage-text.tsx'
import { useTranslate } from './translate.ts'

/** Statuses that have a page of their own. */
const KNOWN = [400, 403, 404, 429, 500, 503, 507] as const
/** Which of the texts is shown. */
type ErrorKind = (typeof KNOWN)[number] | 'quota'

/** A page instead of the one asked for. */
export interface ErrorPageProps {
  /** HTTP status; one without a page of its own reads like 500, or like 400 below 500. */
  readonly status: number
  /** A quota of the day that is used up has a page of its own. */
  readonly code?: string
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
export function ErrorPage({ status, code, detail, traceId, homeHref = '/', outage }: ErrorPageProps): JSX.Element {
  const t = useTranslate()
  const known = kindOf(status, code)
  return (
    <Page title={t(`error.${known}.title`)} intro={<p>{outage === undefined ? t(`error.${known}.what`) : <OutageText outage={outage} />}</p>}>
      {detail !== undefined && <p><strong>{detail}</strong></p>}
      <p>{t(outage === undefined ? `error.${known}.advice` : 'outage.others')}</p>
      <p class="la-form-actions"><ButtonLink href={homeHref} kind="primary">{t('error.home')}</ButtonLink></p>
      {traceId !== undefined && <p class="la-hint">{t('error.trace')} <code>{traceId}</code></p>}
    </Page>
  )
}

/** Title of an error's page, for the window. */
export function errorTitleKey(status: number, code?: string): `error.${ErrorKind}.title` {
  return `error.${kindOf(status, code)}.title`
}

function kindOf(status: number, code: string | undefined): ErrorKind {
  if (status === 429 && code === 'QUOTA_EXCEEDED') return 'quota'
  if (status === 401) return 403
  return KNOWN.find((each) => each === status) ?? (status >= 500 ? 500 : 400)
}
