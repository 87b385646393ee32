import type { AuditRecord } from '../audit/audit.ts'
import type { RequestContext } from '../http/request-context.ts'
import type { AuditItem } from '../pages/admin-audit.tsx'
import fr from '../pages/messages/fr.json' with { type: 'json' }
import { translator, type MessageKey } from '../pages/translate.ts'
import { pluginTitle } from './plugin-title.ts'
import type { SiteServices } from './site-services.ts'

/**
 * A line of the audit trail in the reader's words. What has none, such as an action of a plugin without the message
 * `audit.<action>`, is shown as it is stored.
 */
export function auditItem(services: Pick<SiteServices, 'catalogue'>, { locale, tenant }: Pick<RequestContext, 'locale' | 'tenant'>, record: AuditRecord): AuditItem {
  const t = translator(locale)
  const { id, at, actor, action, target, pluginId, detail = {} } = record
  const own = (key: string): string | undefined => (Object.hasOwn(fr, key) ? t(key as MessageKey) : undefined)
  const texts: Readonly<Record<string, string>> | undefined = pluginId === undefined ? undefined : services.catalogue.releases.find((release) => release.manifest.id === pluginId)?.plugin.messages[locale]
  const actionTitle = pluginId === undefined ? own(`audit.action.${action}`) : texts?.[`audit.${action}`]
  const facts = Object.entries(detail).filter(([, value]) => value !== '').map(([name, value]) => t('audit.fact', { name: own(`audit.detail.${name}`) ?? name, value: String(value ?? '—') }))
  return {
    id: String(id), at: new Date(at).toISOString(), actor: actor.name, action,
    ...(actionTitle === undefined ? {} : { actionTitle }),
    target: nameOf(record) ?? (target === tenant.id ? tenant.info.name : undefined) ?? pluginTitle(services, target, locale),
    ...(pluginId === undefined ? {} : { plugin: pluginTitle(services, pluginId, locale) }),
    ...(facts.length === 0 ? {} : { detail: facts.join(', ') }),
  }
}

/** What people call the object, where the line itself says so. */
function nameOf({ action, actor, detail, pluginId }: AuditRecord): string | undefined {
  if (pluginId !== undefined) return undefined
  const name = action === 'login.succeeded' ? actor.name : action.startsWith('account.') ? detail?.['login'] : action.startsWith('tenant.') ? detail?.['name'] : undefined
  return typeof name === 'string' ? name : undefined
}
