import { Card, CardList, EmptyState, Page, Section } from '@liberacces/sdk/ui'
import type { DirectoryRegistrar } from '../directory-types.ts'
import { byOfficeAndRank, isCurrent, OFFICES } from '../mandate.ts'
import { personCard } from '../public-cards.ts'
import { onlyPublic, peopleMatching } from '../store/people-search.ts'
import { today, withMandates } from '../store/people.ts'

/** The élus in office, in the order of the tableau du conseil; each once, under the highest office. */
export function registerElectedList(k: DirectoryRegistrar): void {
  k.page({ path: '/elus', audience: 'public', title: 'page.elected', menu: 31 }, async (c) => {
    const day = today(c)
    const rows = await onlyPublic(peopleMatching(c.db, []), day, false).orderBy('person.sort_key').execute()
    const people = (await withMandates(c.db, rows)).flatMap((stored) => {
      const [mandate] = stored.mandates.filter((candidate) => isCurrent(candidate, day))
      return mandate === undefined ? [] : [{ mandate, card: personCard(c, stored) }]
    })
    const title = c.t('elected.title', { body: c.tenant.kind })
    return c.page(title, (
      <Page title={title} intro={c.t('elected.intro', { count: people.length })} breadcrumb={[{ label: c.t('page.directory'), href: c.url('/') }]}>
        {people.length === 0 && <EmptyState title={c.t('elected.none')} />}
        {OFFICES.map((office) => {
          const holders = people.filter(({ mandate }) => mandate.office === office).toSorted((a, b) => byOfficeAndRank(a.mandate, b.mandate))
          return holders.length === 0 ? null : (
            <Section key={office} title={c.t(`offices.${office}`)}>
              <CardList>
                {holders.map(({ card, mandate }) => <Card key={card.id} title={card.displayName} href={card.url}><p>{mandate.title}</p></Card>)}
              </CardList>
            </Section>
          )
        })}
      </Page>
    ))
  })
}
