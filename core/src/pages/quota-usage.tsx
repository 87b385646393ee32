import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Badge, useReader } from '@liberacces/sdk/ui'
import type { QuotaKind } from '../entitlement/quota-kind.ts'
import { quotaAmount } from './quota-amount.ts'
import { useTranslate } from './translate.ts'

/** What a tenant uses of one kind. */
export interface QuotaItem {
  readonly kind: QuotaKind
  /** In the unit of the kind. */
  readonly used: number
  readonly limit?: number
  /** 1 from 80 %, 2 when it is used up. */
  readonly level: 0 | 1 | 2
}

/** What is used of each quota: a bar for the eye, and the same in words below it. */
export function QuotaUsage({ quotas, level = 3 }: { readonly quotas: readonly QuotaItem[]; readonly level?: 2 | 3 }): JSX.Element {
  return <ul class="quota-list">{quotas.map((quota) => <li key={quota.kind}><Quota {...quota} heading={level} /></li>)}</ul>
}

function Quota({ kind, used, limit, level, heading }: QuotaItem & { readonly heading: 2 | 3 }): JSX.Element {
  const t = useTranslate()
  const { locale } = useReader()
  const title = t(`quota.kind.${kind}`)
  const Heading = heading === 2 ? 'h2' : 'h3'
  const amount = (value: number): string => quotaAmount(locale, kind, value)
  const percent = limit === undefined ? undefined : limit === 0 ? 100 : Math.min(100, Math.floor((used / limit) * 100))
  const words = limit === undefined
    ? (kind === 'cpu' ? t('quota.unlimited.cpu') : t(kind === 'storage' ? 'quota.unlimited' : 'quota.unlimited.today', { used: amount(used) }))
    : t(kind === 'storage' ? 'quota.used' : 'quota.used.today', { used: amount(used), limit: amount(limit), percent: percent ?? 0 })
  return (
    <div class="quota">
      <div class="quota-head">
        <Heading class="quota-title">{title}</Heading>
        {level === 2 && <Badge kind="error">{t('quota.full')}</Badge>}
        {level === 1 && <Badge kind="warning">{t('quota.near')}</Badge>}
      </div>
      {percent !== undefined && (
        <svg class="quota-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class={`quota-bar-${(['used', 'near', 'high'] as const)[level]}`} width={percent} height={1} /></svg>
      )}
      <p class="quota-words">{words}</p>
    </div>
  )
}
