import { GuichetService } from '@liberacces/sdk/slots'
import { ActionButton, Badge, ButtonLink, Card, CardList, DataTable, EmptyState, Page, Time } from '@liberacces/sdk/ui'
import { FEED } from '../feed.ts'
import { comingGatherings } from '../gatherings.ts'
import type { PublicAgendaRegistrar } from '../public-agenda-types.ts'

/** What is to come: for everyone, and with buttons for agents. */
export function registerAgenda(k: PublicAgendaRegistrar): void {
  k.contribute(GuichetService, { title: 'page.agenda', category: 'vie-locale', href: '/', description: 'service.description', icon: 'calendar' })

  k.page({ path: '/', audience: 'public', title: 'page.agenda' }, async (c) => {
    const gatherings = await comingGatherings(c.db, c.now())
    return (
      <Page title={c.t('page.agenda')} intro={<p><a href={c.url(FEED)}>{c.t('agenda.subscribe')}</a></p>}>
        {gatherings.length === 0
          ? <EmptyState title={c.t('agenda.none')} />
          : (
            <CardList>
              {gatherings.map(({ id, title, place, startsAt, isCancelled }) => (
                <Card key={id} level={2} title={title} meta={<Time date={startsAt} withTime />}>
                  {place !== '' && <p>{place}</p>}
                  {isCancelled && <p><Badge kind="warning">{c.t('state.cancelled')}</Badge></p>}
                </Card>
              ))}
            </CardList>
          )}
      </Page>
    )
  })

  k.page({ path: '/gestion', audience: 'agent', permission: 'gathering.read', title: 'page.manage', menu: 70 }, async (c) => {
    const mayWrite = c.actor.can('gathering.write')
    return (
      <Page title={c.t('page.manage')} actions={mayWrite && <ButtonLink kind="primary" href={c.url('/gestion/nouveau')}>{c.t('page.add')}</ButtonLink>}>
        <DataTable
          caption={c.t('manage.caption')}
          rows={await comingGatherings(c.db, c.now())}
          rowKey={({ id }) => id}
          empty={c.t('agenda.none')}
          columns={[
            { key: 'title', header: c.t('field.title') },
            { key: 'place', header: c.t('field.place') },
            { key: 'startsAt', header: c.t('field.startsAt'), cell: ({ startsAt }) => <Time date={startsAt} withTime /> },
            { key: 'state', header: c.t('manage.state'), cell: ({ isCancelled }) => (isCancelled ? <Badge kind="warning">{c.t('state.cancelled')}</Badge> : <Badge kind="success">{c.t('state.planned')}</Badge>) },
            ...(mayWrite ? [{
              key: 'action', header: c.t('manage.action'),
              cell: ({ id, title, isCancelled }: { readonly id: string; readonly title: string; readonly isCancelled: boolean }) => !isCancelled && (
                <ActionButton action={c.url(`/gestion/dates/${id}/annuler`)} label={c.t('action.cancel')} confirm={c.t('action.cancel.confirm', { title })} />
              ),
            }] : []),
          ]}
        />
      </Page>
    )
  })
}
