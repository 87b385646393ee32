import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ButtonLink, DataTable, Notice, Page, Section, Time } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** How events get through at one tenant, in numbers: for an operator of the Pool, who sees no event without an intervention. */
export interface ConsoleEventsPageProps {
  readonly tenant: { readonly slug: string; readonly name: string }
  readonly deadLetters: readonly { readonly plugin: string; readonly handler: string; readonly count: number; readonly since: string; readonly until: string }[]
  /** Whether this operator has an intervention under way. */
  readonly hasGrant: boolean
}

/** What the Pool sees of a tenant's events. */
export function ConsoleEventsPage({ tenant, deadLetters, hasGrant }: ConsoleEventsPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('console.events.title', { name: tenant.name })} breadcrumb={[{ label: t('console.title'), href: '/' }, { label: tenant.name, href: `/collectivites/${tenant.slug}` }]}>
      <Section title={t('events.dead')}>
        <DataTable
          caption={t('console.events.caption')} rows={deadLetters} rowKey={({ plugin, handler }) => `${plugin} ${handler}`} empty={t('events.dead.empty')}
          columns={[
            { key: 'plugin', header: t('events.plugin') },
            { key: 'handler', header: t('events.handler'), cell: ({ handler }) => <code class="breakable">{handler}</code> },
            { key: 'count', header: t('events.dead.number'), numeric: true },
            { key: 'since', header: t('console.events.since'), cell: ({ since }) => <Time date={since} withTime /> },
            { key: 'until', header: t('console.events.until'), cell: ({ until }) => <Time date={until} withTime /> },
          ]}
        />
      </Section>
      <Notice kind="info"><p>{t(hasGrant ? 'console.events.open' : 'console.events.closed')}</p></Notice>
      <ButtonLink href={`/collectivites/${tenant.slug}/interventions`} kind="primary">{t('console.grants.link')}</ButtonLink>
    </Page>
  )
}
