import { Page } from '@liberacces/sdk/ui'
import type { DirectoryRegistrar } from '../directory-types.ts'
import { associationCard } from '../public-cards.ts'
import { findAssociation } from '../store/associations.ts'
import { EmailLink, Facts, Lines, PhoneLink } from './contact-links.tsx'

/** The public page of an association. */
export function registerAssociationPage(k: DirectoryRegistrar): void {
  k.page({ path: '/associations/:id', audience: 'public', title: 'page.association' }, async (c, { params }) => {
    const association = await findAssociation(c.db, params['id'] ?? '')
    if (association === undefined) return c.notFound()
    const card = associationCard(c, association)
    return c.page(card.name, (
      <Page title={card.name} breadcrumb={[{ label: c.t('page.directory'), href: c.url('/') }, { label: c.t('kinds.association'), href: c.url('/', { kind: 'association' }) }]}>
        {card.purpose !== undefined && <p><Lines text={card.purpose} /></p>}
        <Facts items={[
          ...(card.rna === undefined ? [] : [{ term: c.t('field.rna'), description: card.rna }]),
          ...(card.website === undefined ? [] : [{ term: c.t('field.website'), description: <a href={card.website} rel="noopener nofollow">{card.website}</a> }]),
          ...(card.contactName === undefined ? [] : [{ term: c.t('field.contactName'), description: card.contactName }]),
          ...(card.contactEmail === undefined ? [] : [{ term: c.t('field.contactEmail'), description: <EmailLink email={card.contactEmail} /> }]),
          ...(card.contactPhone === undefined ? [] : [{ term: c.t('field.contactPhone'), description: <PhoneLink phone={card.contactPhone} /> }]),
        ]} />
      </Page>
    ))
  })
}
