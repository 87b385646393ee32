import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Badge, ButtonLink, DataTable, Page, SearchForm, Select, type PaginationProps } from '@liberacces/sdk/ui'
import type { PluginStateName } from './plugin-state.tsx'
import { useTranslate } from './translate.ts'

/** A plugin that a tenant has. */
export interface TenantPlugin {
  readonly id: string
  readonly title: string
  readonly version: string
  readonly state: PluginStateName
}

/** A tenant of the Pool. */
export interface TenantSummary {
  readonly slug: string
  readonly name: string
  readonly kind: 'pool' | 'epci' | 'commune' | 'satellite'
  readonly siren?: string
  readonly insee?: string
  /** Persons. */
  readonly population?: number
  readonly hosts: readonly string[]
  readonly plugins: readonly TenantPlugin[]
}

/** The home page of the Pool's console. */
export interface ConsolePageProps {
  readonly poolName: string
  /** Those of this page. */
  readonly tenants: readonly TenantSummary[]
  /** How many were found. */
  readonly count: number
  /** What was searched for (`?q=`, `?kind=`). */
  readonly filter: { readonly query: string; readonly kind?: TenantSummary['kind'] }
  readonly pagination: PaginationProps
}

/** The tenants of the Pool, a page at a time: there may be tens of thousands. */
export function ConsolePage({ poolName, tenants, count, filter, pagination }: ConsolePageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('console.title')} intro={<p>{t('console.intro', { name: poolName, count })}</p>} actions={<ButtonLink href="/collectivites/pool/droits">{t('console.rights.pool')}</ButtonLink>}>
      <SearchForm action="/" label={t('console.search')} value={filter.query}>
        <Select
          name="kind"
          label={t('console.kind')}
          value={filter.kind ?? ''}
          options={[{ value: '', label: t('console.kind.any') }, ...(['epci', 'commune', 'satellite'] as const).map((kind) => ({ value: kind, label: t(`tenant.kind.${kind}`) }))]}
        />
      </SearchForm>
      <DataTable
        caption={t('console.caption')}
        rows={tenants}
        rowKey={({ slug }) => slug}
        empty={t('console.empty')}
        pagination={pagination}
        columns={[
          { key: 'name', header: t('console.name'), cell: ({ slug, name }) => <a href={`/collectivites/${slug}`}>{name}</a> },
          { key: 'kind', header: t('console.kind'), cell: ({ kind }) => t(`tenant.kind.${kind}`) },
          { key: 'insee', header: t('console.insee') },
          { key: 'population', header: t('console.population'), numeric: true },
          { key: 'hosts', header: t('console.hosts'), cell: ({ hosts }) => <HostList hosts={hosts} /> },
          { key: 'plugins', header: t('console.plugins'), cell: ({ plugins }) => <PluginBadges plugins={plugins} /> },
        ]}
      />
    </Page>
  )
}

function HostList({ hosts }: Pick<TenantSummary, 'hosts'>): JSX.Element {
  return <ul class="plain-list">{hosts.map((host) => <li key={host}><a href={`//${host}/`}>{host}</a></li>)}</ul>
}

function PluginBadges({ plugins }: Pick<TenantSummary, 'plugins'>): JSX.Element {
  const t = useTranslate()
  if (plugins.length === 0) return <>{t('console.none')}</>
  return (
    <ul class="badge-list">
      {plugins.map(({ id, title, version, state }) => (
        <li key={id}><Badge kind={state === 'active' ? 'success' : state === 'degraded' || state === 'migration-failed' ? 'error' : 'neutral'}>{title} {version}{state !== 'active' && ` – ${t(`plugin.state.${state}`)}`}</Badge></li>
      ))}
    </ul>
  )
}
