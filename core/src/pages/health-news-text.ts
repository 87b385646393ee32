import type { HealthNews } from '../health/tell-operators.ts'
import type { WarningText } from '../mail/tell-administrators.ts'
import { formatOf } from '../runtime/format.ts'
import { translator } from './translate.ts'

/** What is known of a plugin and a tenant besides their ids. */
interface Names {
  /** What people call a plugin. */
  readonly plugin: (pluginId: string) => string
  readonly tenant: (tenantId: string) => string
  /** Host of the Pool's console. */
  readonly host: string
}

/** What operators read of a plugin that is out of service. In French, the language of the collectivités. */
export function healthNewsText(news: HealthNews, { plugin, tenant, host }: Names): WarningText {
  const t = translator('fr')
  const moment = (at: number): string => formatOf('fr').dateTime(new Date(at))
  if (news.kind === 'halt') {
    const { kind, pluginId, version, since, reason, by } = news.halt
    const values = { title: plugin(pluginId), id: pluginId, version: version === undefined ? t('health.version.all') : t('health.version.one', { version }), since: moment(since), reason, by, host }
    return { subject: t(`health.mail.${kind}.subject`, values), text: t(`health.mail.${kind}.text`, values) }
  }
  const { pluginId, tenantId, since, why } = news.breaker
  const values = { title: plugin(pluginId), id: pluginId, tenant: tenant(tenantId), since: moment(since), why, host }
  return { subject: t('health.mail.paused.subject', values), text: t('health.mail.paused.text', values) }
}
