import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ButtonLink, DataTable, DescriptionList, Page, Section, useReader } from '@liberacces/sdk/ui'
import type { TenantSummary } from './console.tsx'
import { PluginState } from './plugin-state.tsx'
import { useTranslate } from './translate.ts'

/** One tenant in the Pool's console. */
export interface ConsoleTenantPageProps {
  readonly tenant: TenantSummary
  readonly parent?: { readonly slug: string; readonly name: string }
  /** Satellites, and communes of the Pool itself. */
  readonly children: readonly { readonly slug: string; readonly name: string }[]
  /** How many there are, those that are not named included. */
  readonly childCount: number
}

/** What the Pool knows of one tenant. */
export function ConsoleTenantPage({ tenant, parent, children, childCount }: ConsoleTenantPageProps): JSX.Element {
  const t = useTranslate()
  const { locale } = useReader()
  const link = ({ slug, name }: { readonly slug: string; readonly name: string }) => <a href={`/collectivites/${slug}`}>{name}</a>
  const [host] = tenant.hosts
  return (
    <Page
      title={tenant.name}
      breadcrumb={[{ label: t('console.title'), href: '/' }]}
      actions={<>
        {host !== undefined && <ButtonLink href={`//${host}/`} kind="primary">{t('console.visit')}</ButtonLink>}
        <ButtonLink href={`/collectivites/${tenant.slug}/evenements`}>{t('admin.menu.events')}</ButtonLink>
        <ButtonLink href={`/collectivites/${tenant.slug}/droits`}>{t('console.rights')}</ButtonLink>
        {tenant.kind !== 'pool' && <>
          <ButtonLink href={`/collectivites/${tenant.slug}/interventions`}>{t('console.grants.link')}</ButtonLink>
          <ButtonLink href={`/collectivites/${tenant.slug}/administration`}>{t('console.governance.link')}</ButtonLink>
        </>}
      </>}
    >
      <DescriptionList
        items={[
          { term: t('console.kind'), description: t(`tenant.kind.${tenant.kind}`) },
          ...(tenant.insee === undefined ? [] : [{ term: t('console.insee'), description: tenant.insee }]),
          ...(tenant.siren === undefined ? [] : [{ term: t('console.siren'), description: tenant.siren }]),
          ...(tenant.population === undefined ? [] : [{ term: t('console.population'), description: t('console.persons', { count: tenant.population }) }]),
          ...(parent === undefined ? [] : [{ term: t('console.parent'), description: link(parent) }]),
          ...(children.length === 0 ? [] : [{ term: t('console.children'), description: <ul class="plain-list">{children.map((child) => <li key={child.slug}>{link(child)}</li>)}{childCount > children.length && <li>{t('console.children.more', { count: childCount - children.length })}</li>}</ul> }]),
          { term: t('console.hosts'), description: new Intl.ListFormat(locale).format(tenant.hosts) },
        ]}
      />
      <Section title={t('console.plugins')}>
        <DataTable
          caption={t('console.plugins.caption', { name: tenant.name })}
          rows={tenant.plugins}
          rowKey={({ id }) => id}
          empty={t('console.plugins.empty')}
          columns={[
            { key: 'title', header: t('plugin.name') },
            { key: 'id', header: t('plugin.id'), cell: ({ id }) => <code>{id}</code> },
            { key: 'version', header: t('plugin.version') },
            { key: 'state', header: t('plugin.state'), cell: ({ state }) => <PluginState state={state} /> },
          ]}
        />
      </Section>
    </Page>
  )
}
