import { jsx } from '@liberacces/sdk/jsx-runtime'
import type { Problem } from '../http/problem.ts'
import type { RequestContext } from '../http/request-context.ts'
import { BUREAU_OPEN } from '../identity/kernel-permissions.ts'
import { ErrorPage, errorTitleKey } from '../pages/error.tsx'
import { translator } from '../pages/translate.ts'
import { opensAdministration } from './access.ts'
import { frame } from './frame.ts'
import { pluginTitle } from './plugin-title.ts'
import type { SiteServices } from './site-services.ts'

/** A whole page about an error: in the reader's language, and with as much of it as is of use to the reader. */
export function errorPage(services: SiteServices, context: RequestContext, { status, code, detail, fix, outage, traceId }: Problem): string {
  const { principal, locale } = context
  const administers = opensAdministration(principal)
  const isStaff = administers || principal.permissions.has(BUREAU_OPEN)
  // Only what a plugin answered to a person is written for people; our own sentences are for programs and logs.
  const isForPeople = status === 422 && code === 'REQUEST_INVALID'
  return frame(services, context, '/', {
    area: 'plain',
    title: translator(locale)(errorTitleKey(status, code, isStaff)),
    body: jsx(ErrorPage, {
      status, code, isStaff,
      ...(isForPeople ? { detail } : {}),
      // A 5xx says nothing of its inside: there is no more to it than its words.
      ...(administers && status < 500 && !isForPeople ? { technical: { message: detail, fix } } : {}),
      ...(outage === undefined ? {} : { outage: { kind: outage.kind, title: pluginTitle(services, outage.plugin, locale), since: outage.since } }),
      ...(traceId === undefined ? {} : { traceId }),
    }),
  })
}
