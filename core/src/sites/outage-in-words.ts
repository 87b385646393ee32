import type { Locale } from '@liberacces/sdk'
import type { Outage } from '../health/outage.ts'
import type { ShownOutage } from '../pages/outage-text.tsx'
import { pluginTitle } from './plugin-title.ts'
import type { SiteServices } from './site-services.ts'

/** An outage with what its reader needs to read of it. */
export type OutageInWords = (outage: Outage) => ShownOutage

/** Titles in the language of who reads. */
export function outageInWords(services: Pick<SiteServices, 'catalogue'>, locale: Locale): OutageInWords {
  return ({ kind, pluginId, since }) => ({ kind, title: pluginTitle(services, pluginId, locale), since: new Date(since).toISOString() })
}
