import type { Locale } from '@liberacces/sdk'
import { KERNEL_ID } from '../identity/kernel-permissions.ts'
import { textIn } from '../localized-text.ts'
import { translator } from '../pages/translate.ts'
import type { SiteServices } from './site-services.ts'

/** What people call a plugin; the id itself where the catalogue has none of that id. */
export function pluginTitle(services: Pick<SiteServices, 'catalogue'>, id: string, locale: Locale): string {
  if (id === KERNEL_ID) return translator(locale)('admin.title')
  const [newest] = services.catalogue.find(id)
  return newest === undefined ? id : textIn(locale, newest.title)
}
