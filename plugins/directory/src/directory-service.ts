import { searchWords, type ServiceHandlers } from '@liberacces/sdk'
import type { Directory } from './contract.ts'
import type { DirectoryContext } from './directory-types.ts'
import { parseEmail } from './contact.ts'
import { isVisible, personCard, serviceCard } from './public-cards.ts'
import { onlyPublic, peopleMatching } from './store/people-search.ts'
import { findPerson, selectPeople, today, withMandates } from './store/people.ts'
import { allServices, findService } from './store/services.ts'

/** The service `fr.liberacces.directory/v1`. */
export function directoryService(c: DirectoryContext): ServiceHandlers<typeof Directory> {
  return {
    person: async ({ id }) => {
      const stored = await findPerson(c.db, id)
      return stored !== undefined && isVisible(c, stored) ? personCard(c, stored) : null
    },
    personOfAccount: async ({ accountId, email }) => {
      const linked = await selectPeople(c.db).where('person.account_id', '=', accountId).execute()
      const address = email === undefined ? undefined : parseEmail(email)
      // An address only decides for people without an account: another account's person is never this one.
      const rows = linked.length > 0 || address === undefined
        ? linked
        : await selectPeople(c.db).where('person.email', '=', address).where('person.account_id', 'is', null).execute()
      const [stored] = await withMandates(c.db, rows)
      return stored !== undefined && isVisible(c, stored) ? personCard(c, stored) : null
    },
    search: async ({ text, limit }) => {
      const words = searchWords(text)
      // Nothing asked for is everyone; something without a single word in it is no one.
      if (words.length === 0 && text.trim() !== '') return []
      const rows = await onlyPublic(peopleMatching(c.db, words), today(c), c.settings.showAgents)
        .orderBy('person.sort_key')
        .orderBy('person.id')
        .limit(limit ?? 20)
        .execute()
      return (await withMandates(c.db, rows)).map((stored) => personCard(c, stored))
    },
    services: async () => (await allServices(c.db)).map(({ id, name }) => ({ id, name })),
    service: async ({ id }) => {
      const service = await findService(c.db, id)
      return service === undefined ? null : serviceCard(c, service)
    },
  }
}
