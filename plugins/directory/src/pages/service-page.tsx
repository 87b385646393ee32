import { Card, CardList, Page, Section } from '@liberacces/sdk/ui'
import type { DirectoryRegistrar } from '../directory-types.ts'
import { personCard } from '../public-cards.ts'
import { onlyPublic, peopleMatching } from '../store/people-search.ts'
import { today, withMandates } from '../store/people.ts'
import { allServices } from '../store/services.ts'
import { EmailLink, Facts, Lines, PhoneLink } from './contact-links.tsx'

/** The public page of a service: where, when, whom to write to, who works there. */
export function registerServicePage(k: DirectoryRegistrar): void {
  k.page({ path: '/services/:id', audience: 'public', title: 'page.service' }, async (c, { params }) => {
    const services = await allServices(c.db)
    const service = services.find(({ id }) => id === params['id'])
    if (service === undefined) return c.notFound()
    const parent = services.find(({ id }) => id === service.parentId)
    const children = services.filter(({ parentId }) => parentId === service.id)
    const rows = await onlyPublic(peopleMatching(c.db, []).where('person.service_id', '=', service.id), today(c), c.settings.showAgents).orderBy('person.sort_key').execute()
    const people = (await withMandates(c.db, rows)).map((stored) => personCard(c, stored))
    return c.page(service.name, (
      <Page title={service.name} intro={service.description === '' ? undefined : <p><Lines text={service.description} /></p>}
        breadcrumb={[
          { label: c.t('page.directory'), href: c.url('/') },
          ...(parent === undefined ? [] : [{ label: parent.name, href: c.url(`/services/${parent.id}`) }]),
        ]}>
        <Facts items={[
          ...(service.openingHours === '' ? [] : [{ term: c.t('field.openingHours'), description: <Lines text={service.openingHours} /> }]),
          ...(service.address === '' ? [] : [{ term: c.t('field.address'), description: <Lines text={service.address} /> }]),
          ...(service.phone === undefined ? [] : [{ term: c.t('field.phone'), description: <PhoneLink phone={service.phone} /> }]),
          ...(service.email === undefined ? [] : [{ term: c.t('field.email'), description: <EmailLink email={service.email} /> }]),
        ]} />
        {children.length > 0 && (
          <Section title={c.t('service.children')}>
            <ul>{children.map((child) => <li key={child.id}><a href={c.url(`/services/${child.id}`)}>{child.name}</a></li>)}</ul>
          </Section>
        )}
        {people.length > 0 && (
          <Section title={c.t('service.people', { count: people.length })}>
            <CardList>
              {people.map((card) => (
                <Card key={card.id} title={card.displayName} href={card.url}>{card.role === '' ? undefined : <p>{card.role}</p>}</Card>
              ))}
            </CardList>
          </Section>
        )}
      </Page>
    ))
  })
}
