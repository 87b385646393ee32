import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, DescriptionList, Page, Section, Time } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** Who administers a tenant, and what decides about it. */
export interface GovernanceFacts {
  readonly rule: 'explicit' | 'official-address' | 'small-commune' | 'none'
  readonly people: readonly { readonly id: string; readonly name: string }[]
  readonly officialAddress?: string
  readonly kind: 'pool' | 'epci' | 'commune' | 'satellite'
  readonly population?: number
  /** Inhabitants up to which a commune is small, and since when (a day). */
  readonly threshold: { readonly population: number; readonly validFrom?: string }
}

/** Posts to `/admin/qui-administre/confirmer`, which gives the role to who reads this and administers without it. */
export interface AdminGovernancePageProps extends GovernanceFacts {
  readonly tenantName: string
  readonly canConfirm: boolean
}

const RULES = ['explicit', 'official-address', 'small-commune'] as const

/** « Qui administre cette commune, et pourquoi ». */
export function AdminGovernancePage(props: AdminGovernancePageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('governance.title')} intro={<p>{t('governance.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }]}>
      <Governance {...props} linked />
      {props.canConfirm && (
        <Section title={t('governance.confirm.title')}>
          <p>{t('governance.confirm.why')}</p>
          <ActionButton action="/admin/qui-administre/confirmer" kind="primary" label={t('governance.confirm')} />
        </Section>
      )}
    </Page>
  )
}

/** Who, by which rule, and how the rules stand; for the tenant and for the console. */
export function Governance({ rule, people, officialAddress, kind, population, threshold, linked = false }: GovernanceFacts & { readonly linked?: boolean }): JSX.Element {
  const t = useTranslate()
  return (
    <>
      <Section title={t('governance.who')}>
        {people.length === 0
          ? <p class="la-empty">{t('governance.nobody')}</p>
          : <ul>{people.map(({ id, name }) => <li key={id}>{linked ? <a href={`/admin/comptes/${id}`}>{name}</a> : name}</li>)}</ul>}
        <p>{t(`governance.rule.${rule}`)}</p>
      </Section>
      <Section title={t('governance.why')}>
        <ol class="governance-rules">
          {RULES.map((each) => (
            <li key={each} {...(each === rule ? { 'aria-current': 'true' as const } : {})}>
              <strong>{t(`governance.step.${each}`)}</strong>{each === rule && <> – {t('governance.decides')}</>}
            </li>
          ))}
        </ol>
        <DescriptionList
          items={[
            { term: t('governance.address'), description: officialAddress ?? t('governance.address.none') },
            ...(kind === 'commune'
              ? [
                { term: t('console.population'), description: population === undefined ? t('governance.population.unknown') : t('console.persons', { count: population }) },
                { term: t('governance.threshold'), description: <>{t('console.persons', { count: threshold.population })}{threshold.validFrom !== undefined && <> ({t('governance.since')} <Time date={threshold.validFrom} />)</>}</> },
              ]
              : []),
          ]}
        />
      </Section>
    </>
  )
}
