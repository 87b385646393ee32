import type { Day } from '@liberacces/sdk'
import type { DirectoryDb } from '../directory-types.ts'
import { selectPeople } from './people.ts'

/** A query of people that can be narrowed further. */
export type PeopleQuery = ReturnType<typeof selectPeople>

/** People of whom every word is found in the name, the role, a mandate's title or the service's name. */
export function peopleMatching(db: DirectoryDb, words: readonly string[]): PeopleQuery {
  return words.reduce<PeopleQuery>((query, word) => {
    // Words hold letters and digits only, so nothing in them is a wildcard.
    const pattern = `%${word}%`
    return query.where((eb) =>
      eb.or([
        eb('person.search_text', 'like', pattern),
        eb('service.sort_key', 'like', pattern),
        eb.exists(eb.selectFrom('mandate').select('mandate.id').whereRef('mandate.person_id', '=', 'person.id').where('mandate.search_text', 'like', pattern)),
      ]),
    )
  }, selectPeople(db))
}

/** Those whom the public may see; the same rule as `isPublic`, for whole lists. */
export function onlyPublic(query: PeopleQuery, today: Day, showAgents: boolean): PeopleQuery {
  return query.where('person.listed', '=', 1).where((eb) => {
    const agents = showAgents ? [eb('person.kind', '=', 'agent')] : []
    return eb.or([...agents, eb.and([eb('person.kind', '=', 'elected'), inOffice(eb, today)])])
  })
}

/** Élus without a mandate that runs today. */
export function onlyFormer(query: PeopleQuery, today: Day): PeopleQuery {
  return query.where('person.kind', '=', 'elected').where((eb) => eb.not(inOffice(eb, today)))
}

type Expressions = Parameters<Extract<Parameters<PeopleQuery['where']>[0], (...args: never[]) => unknown>>[0]

function inOffice(eb: Expressions, today: Day) {
  return eb.exists(
    eb
      .selectFrom('mandate')
      .select('mandate.id')
      .whereRef('mandate.person_id', '=', 'person.id')
      .where('mandate.starts_on', '<=', today)
      .where((end) => end.or([end('mandate.last_day', 'is', null), end('mandate.last_day', '>=', today)])),
  )
}
