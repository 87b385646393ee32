import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Time } from '@liberacces/sdk/ui'
import type { Translate } from './translate.ts'

/** A release in use whose label was suspended or revoked. */
export interface LabelAlert {
  readonly title: string
  readonly version: string
  readonly state: 'suspended' | 'revoked'
  /** ISO 8601. */
  readonly since: string
  /** In the certifier's words, as far as it gave any. */
  readonly reason: string
  /** ISO 8601: when it is put out of service. */
  readonly disableAt?: string
  readonly decided?: 'continue' | 'stop'
  /** Where somebody may decide. */
  readonly href?: string
}

/** On every page of administrators, as long as it is so: it never goes by unseen. */
export function LabelAlerts({ alerts, t }: { readonly alerts: readonly LabelAlert[]; readonly t: Translate }): JSX.Element {
  return (
    <aside class="shell-interventions" aria-label={t('labels.alert')}><div>
      <p><strong>{t('labels.alert')}</strong></p>
      <ul>
        {alerts.map(({ title, version, state, since, reason, disableAt, decided, href }) => (
          <li key={`${title} ${version}`}>
            {t(`labels.alert.${state}`, { title, version })} <Time date={since} />{' : '}{reason}{'. '}
            {disableAt !== undefined && decided !== 'stop' && <>{t('labels.alert.disable')} <Time date={disableAt} />{'. '}</>}
            {decided !== undefined && <>{t(`labels.decided.${decided}`)}{'. '}</>}
            {href !== undefined && <a href={href}>{t(decided === undefined ? 'labels.decide' : 'labels.see')}</a>}
          </li>
        ))}
      </ul>
    </div></aside>
  )
}
