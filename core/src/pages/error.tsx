import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ButtonLink, Page } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** Statuses that have a page of their own. */
const KNOWN = [400, 403, 404, 429, 500, 503] as const

/** A page instead of the one asked for. */
export interface ErrorPageProps {
  /** HTTP status; one without a page of its own reads like 500, or like 400 below 500. */
  readonly status: number
  /** What exactly is wrong, where the page can say it: text, in the reader's language. */
  readonly detail?: string
  /** What support needs to find the request. */
  readonly traceId?: string
  /** Where going on makes sense. @defaultValue `/` */
  readonly homeHref?: string
}

/** What happened and what to do. */
export function ErrorPage({ status, detail, traceId, homeHref = '/' }: ErrorPageProps): JSX.Element {
  const t = useTranslate()
  const known = knownStatus(status)
  return (
    <Page title={t(`error.${known}.title`)} intro={<p>{t(`error.${known}.what`)}</p>}>
      {detail !== undefined && <p><strong>{detail}</strong></p>}
      <p>{t(`error.${known}.advice`)}</p>
      <p class="la-form-actions"><ButtonLink href={homeHref} kind="primary">{t('error.home')}</ButtonLink></p>
      {traceId !== undefined && <p class="la-hint">{t('error.trace')} <code>{traceId}</code></p>}
    </Page>
  )
}

/** Title of an error's page, for the window. */
export function errorTitleKey(status: number): `error.${(typeof KNOWN)[number]}.title` {
  return `error.${knownStatus(status)}.title`
}

function knownStatus(status: number): (typeof KNOWN)[number] {
  if (status === 401) return 403
  return KNOWN.find((each) => each === status) ?? (status >= 500 ? 500 : 400)
}
