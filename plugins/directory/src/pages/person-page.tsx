import { foldText, TextBody } from '@liberacces/sdk'
import { ButtonLink, DescriptionList, Page, Section, Time } from '@liberacces/sdk/ui'
import type { DirectoryRegistrar } from '../directory-types.ts'
import { isCurrent } from '../mandate.ts'
import { isVisible, personCard } from '../public-cards.ts'
import { findPerson, today } from '../store/people.ts'
import { writeVcard } from '../vcard.ts'
import { EmailLink, PhoneLink } from './contact-links.tsx'

/** The public page of an élu or agent, and the same as a vCard. */
export function registerPersonPage(k: DirectoryRegistrar): void {
  k.page({ path: '/personnes/:id', audience: 'public', title: 'page.person' }, async (c, { params }) => {
    const stored = await findPerson(c.db, params['id'] ?? '')
    if (stored === undefined || !isVisible(c, stored)) return c.notFound()
    const card = personCard(c, stored)
    const mandates = stored.mandates.filter((mandate) => isCurrent(mandate, today(c)))
    return c.page(card.displayName, (
      <Page title={card.displayName} intro={card.role === '' ? undefined : card.role} breadcrumb={[{ label: c.t('page.directory'), href: c.url('/') }]}
        actions={<ButtonLink href={c.url(`/personnes/${card.id}/contact.vcf`)}>{c.t('person.vcard')}</ButtonLink>}>
        <DescriptionList items={[
          { term: c.t('person.kind'), description: c.t(`kind.${card.kind}`, { body: c.tenant.kind }) },
          ...(card.serviceId === undefined || card.serviceName === undefined ? [] : [
            { term: c.t('person.service'), description: <a href={c.url(`/services/${card.serviceId}`)}>{card.serviceName}</a> },
          ]),
          ...(card.email === undefined ? [] : [{ term: c.t('field.email'), description: <EmailLink email={card.email} /> }]),
          ...(card.phone === undefined ? [] : [{ term: c.t('field.phone'), description: <PhoneLink phone={card.phone} /> }]),
        ]} />
        {mandates.length > 0 && (
          <Section title={c.t('person.mandates', { count: mandates.length })}>
            <ul>
              {mandates.map((mandate) => (
                <li key={mandate.id}>
                  {mandate.title}{' '}({c.t('mandate.since')} <Time date={mandate.startsOn} />
                  {mandate.lastDay !== undefined && <> {c.t('mandate.until')} <Time date={mandate.lastDay} /></>})
                </li>
              ))}
            </ul>
          </Section>
        )}
      </Page>
    ))
  })

  k.route(
    { method: 'GET', path: '/personnes/:id/contact.vcf', audience: 'public', summary: "Carte de visite d'une personne (vCard 4.0)", response: { 200: TextBody('text/vcard') } },
    async (c, { params }) => {
      const stored = await findPerson(c.db, params['id'] ?? '')
      if (stored === undefined || !isVisible(c, stored)) return c.notFound()
      const { id, role, serviceName, email, phone, displayName } = personCard(c, stored)
      const { firstName, lastName } = stored.person
      const body = writeVcard({ id, firstName, lastName, role, organisation: c.tenant.name, serviceName, email, phone, url: c.absoluteUrl(`/personnes/${id}`) })
      // Letters outside ASCII have no place in a header.
      const name = foldText(displayName).replace(/[^a-z0-9]+/g, '-').slice(0, 60)
      return c.reply(200, body, { 'content-disposition': `attachment; filename="${name === '' ? 'contact' : name}.vcf"` })
    },
  )
}
