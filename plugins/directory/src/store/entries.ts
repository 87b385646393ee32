import { searchWords } from '@liberacces/sdk'
import type { DirectoryContext, DirectoryDb } from '../directory-types.ts'
import { associationCard, personCard, serviceCard } from '../public-cards.ts'
import { associationFromRow } from './associations.ts'
import { onlyPublic, peopleMatching } from './people-search.ts'
import { selectPeople, today, withMandates } from './people.ts'
import { allServices } from './services.ts'

/** What a public entry is about. */
export const ENTRY_KINDS = ['service', 'elected', 'agent', 'association'] as const
/** See {@link ENTRY_KINDS}. */
type EntryKind = (typeof ENTRY_KINDS)[number]

/** A line of the public directory. */
interface Entry {
  readonly kind: EntryKind
  readonly id: string
  readonly name: string
  /** Role of a person, purpose of an association, parent of a service; empty when there is none. */
  readonly summary: string
  readonly url: string
}

/** What the public directory is asked. */
export interface EntrySearch {
  readonly text: string
  /** All kinds without it. */
  readonly kind: EntryKind | undefined
  /** From 1. */
  readonly page: number
  readonly pageSize: number
}

/** One page of entries, by name. */
export interface EntryPage {
  readonly entries: readonly Entry[]
  readonly total: number
  /** At least 1. */
  readonly pageCount: number
}

/** Searches what the public may see. */
export async function searchEntries(c: DirectoryContext, search: EntrySearch): Promise<EntryPage> {
  const words = searchWords(search.text)
  // A search of nothing but punctuation finds nothing, rather than everything.
  if (words.length === 0 && search.text.trim() !== '') return { entries: [], total: 0, pageCount: 1 }
  const all = people(c, words, search.kind)
    .unionAll(matching(c.db, 'service', words, search.kind))
    .unionAll(matching(c.db, 'association', words, search.kind))
  const { total } = await c.db.selectFrom(all.as('entry')).select((eb) => eb.fn.countAll().as('total')).executeTakeFirstOrThrow()
  const rows = await c.db
    .selectFrom(all.as('entry'))
    .select(['id', 'kind'])
    .orderBy('sort_key')
    .orderBy('id')
    .limit(search.pageSize)
    .offset((search.page - 1) * search.pageSize)
    .execute()
  const entries = await fill(c, rows as readonly { readonly id: string; readonly kind: EntryKind }[])
  return { entries, total: Number(total), pageCount: Math.max(1, Math.ceil(Number(total) / search.pageSize)) }
}

function matching(db: DirectoryDb, table: 'service' | 'association', words: readonly string[], kind: EntryKind | undefined) {
  const all = db
    .selectFrom(table)
    .select((eb) => ['id', 'sort_key', eb.val<string>(table).as('kind')])
    .where((eb) => eb.lit(kind === undefined || kind === table))
  return words.reduce((query, word) => query.where('search_text', 'like', `%${word}%`), all)
}

function people(c: DirectoryContext, words: readonly string[], kind: EntryKind | undefined) {
  const visible = onlyPublic(peopleMatching(c.db, words), today(c), c.settings.showAgents)
  const wanted = kind === undefined ? visible : visible.where('person.kind', '=', kind)
  return wanted.clearSelect().select(['person.id as id', 'person.sort_key as sort_key', 'person.kind as kind'])
}

async function fill(c: DirectoryContext, rows: readonly { readonly id: string; readonly kind: EntryKind }[]): Promise<readonly Entry[]> {
  const found = new Map<string, Entry>()
  const ids = (kinds: readonly EntryKind[]) => rows.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id)

  const personIds = ids(['elected', 'agent'])
  if (personIds.length > 0) {
    for (const stored of await withMandates(c.db, await selectPeople(c.db).where('person.id', 'in', personIds).execute())) {
      const card = personCard(c, stored)
      const summary = [card.role, card.serviceName ?? ''].filter((part) => part !== '').join(' · ')
      found.set(card.id, { kind: card.kind, id: card.id, name: card.displayName, summary, url: card.url })
    }
  }
  if (ids(['service']).length > 0) {
    const services = await allServices(c.db)
    const names = new Map(services.map(({ id, name }) => [id, name]))
    for (const service of services) {
      found.set(service.id, { kind: 'service', id: service.id, name: service.name, summary: names.get(service.parentId ?? '') ?? '', url: serviceCard(c, service).url })
    }
  }
  const associationIds = ids(['association'])
  if (associationIds.length > 0) {
    for (const row of await c.db.selectFrom('association').selectAll().where('id', 'in', associationIds).execute()) {
      const card = associationCard(c, associationFromRow(row))
      found.set(card.id, { kind: 'association', id: card.id, name: card.name, summary: card.purpose ?? '', url: card.url })
    }
  }
  return rows.map(({ id }) => found.get(id)).filter((entry) => entry !== undefined)
}
