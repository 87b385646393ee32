import { ActionButton, Actions, Badge, ButtonLink, DataTable, DescriptionList, Page, Section, Time } from '@liberacces/sdk/ui'
import type { DirectoryRegistrar } from '../directory-types.ts'
import { hasEnded, isCurrent } from '../mandate.ts'
import { EmailLink, PhoneLink } from '../pages/contact-links.tsx'
import { displayName, roleOn } from '../person.ts'
import { isVisible } from '../public-cards.ts'
import { deletePerson, findPerson, today } from '../store/people.ts'
import { peopleCrumbs } from './shell.tsx'

/** All that agents may know of a person, with the mandates, and the deeds of those who may write. */
export function registerPersonDetail(k: DirectoryRegistrar): void {
  k.page({ path: '/gestion/personnes/:id', audience: 'agent', permission: 'entry.read', title: 'page.person' }, async (c, { params }) => {
    const stored = await findPerson(c.db, params['id'] ?? '')
    if (stored === undefined) return c.notFound()
    const { id, person, mandates, serviceName } = stored
    const day = today(c)
    const writes = c.actor.can('entry.write')
    const shown = (isPublic: boolean) => <Badge kind={isPublic ? 'success' : 'neutral'}>{c.t(isPublic ? 'shown.public' : 'shown.internal')}</Badge>
    const role = roleOn(person, mandates, day)
    return c.page(displayName(person), (
      <Page title={displayName(person)} intro={role === '' ? undefined : role} breadcrumb={peopleCrumbs(c)}
        actions={(
          <>
            {writes && <ButtonLink kind="primary" href={c.url(`/gestion/personnes/${id}/modifier`)}>{c.t('action.edit')}</ButtonLink>}
            {isVisible(c, stored) && <ButtonLink href={c.url(`/personnes/${id}`)}>{c.t('person.publicPage')}</ButtonLink>}
            {writes && (
              <ActionButton kind="danger" action={c.url(`/gestion/personnes/${id}/supprimer`)} label={c.t('action.delete')}
                confirm={c.t('person.delete.confirm', { name: displayName(person) })} />
            )}
          </>
        )}>
        <DescriptionList items={[
          { term: c.t('field.kind'), description: c.t(`kind.${person.kind}`, { body: c.tenant.kind }) },
          { term: c.t('person.visibility'), description: shown(isVisible(c, stored)) },
          ...(person.serviceId === undefined || serviceName === undefined ? [] : [
            { term: c.t('person.service'), description: <a href={c.url(`/services/${person.serviceId}`)}>{serviceName}</a> },
          ]),
          ...(person.email === undefined ? [] : [{ term: c.t('field.email'), description: <><EmailLink email={person.email} /> {shown(person.emailPublic)}</> }]),
          ...(person.phone === undefined ? [] : [{ term: c.t('field.phone'), description: <><PhoneLink phone={person.phone} /> {shown(person.phonePublic)}</> }]),
          ...(person.internalPhone === undefined ? [] : [{ term: c.t('field.internalPhone'), description: person.internalPhone }]),
          ...(person.room === undefined ? [] : [{ term: c.t('field.room'), description: person.room }]),
        ]} />
        {(person.kind === 'elected' || mandates.length > 0) && (
          <Section title={c.t('person.mandates', { count: mandates.length })}
            actions={writes && <ButtonLink href={c.url(`/gestion/personnes/${id}/mandats/ajouter`)}>{c.t('page.mandate.add')}</ButtonLink>}>
            <DataTable
              caption={c.t('person.mandates', { count: mandates.length })}
              rows={mandates}
              rowKey={(mandate) => mandate.id}
              empty={c.t('mandate.none')}
              columns={[
                { key: 'title', header: c.t('field.title'), cell: (mandate) => mandate.title },
                { key: 'office', header: c.t('field.mandateOffice'), cell: (mandate) => c.t(`field.mandateOffice.${mandate.office}`) },
                { key: 'startsOn', header: c.t('field.startsOn'), cell: (mandate) => <Time date={mandate.startsOn} /> },
                { key: 'lastDay', header: c.t('field.lastDay'), cell: (mandate) => (mandate.lastDay === undefined ? '' : <Time date={mandate.lastDay} />) },
                { key: 'state', header: c.t('mandate.state'), cell: (mandate) => {
                  if (isCurrent(mandate, day)) return <Badge kind="success">{c.t('mandate.current')}</Badge>
                  return <Badge>{c.t(hasEnded(mandate, day) ? 'mandate.ended' : 'mandate.future')}</Badge>
                } },
                ...(writes ? [{ key: 'actions', header: c.t('column.actions'), cell: (mandate: (typeof mandates)[number]) => (
                  <Actions>
                    <ButtonLink href={c.url(`/gestion/mandats/${mandate.id}/modifier`)} subject={mandate.title}>{c.t('action.edit')}</ButtonLink>
                    <ActionButton kind="danger" action={c.url(`/gestion/mandats/${mandate.id}/supprimer`)} label={c.t('action.delete')} subject={mandate.title}
                      confirm={c.t('mandate.delete.confirm', { title: mandate.title })} />
                  </Actions>
                ) }] : []),
              ]}
            />
          </Section>
        )}
      </Page>
    ))
  })

  k.action({ path: '/gestion/personnes/:id/supprimer', audience: 'agent', permission: 'entry.write' }, async (c, { params }) => {
    const id = params['id'] ?? ''
    if (!(await c.transaction((tx) => deletePerson(tx, id)))) return c.notFound()
    await c.audit('person.deleted', id)
    return c.redirect('/gestion', 'notice.person.deleted')
  })
}
