import { Choice, Type } from '@liberacces/sdk'
import { PersonCard, ServiceCard } from '../contract.ts'
import type { DirectoryRegistrar } from '../directory-types.ts'
import { associationCard, isVisible, personCard, serviceCard } from '../public-cards.ts'
import { findAssociation } from '../store/associations.ts'
import { ENTRY_KINDS, searchEntries } from '../store/entries.ts'
import { findPerson } from '../store/people.ts'
import { findService } from '../store/services.ts'
import { Problem } from './problem.ts'

const EntrySchema = Type.Object({
  kind: Choice(ENTRY_KINDS),
  id: Type.String(),
  name: Type.String(),
  summary: Type.String(),
  url: Type.String(),
})

const AssociationSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  rna: Type.Optional(Type.String()),
  purpose: Type.Optional(Type.String()),
  website: Type.Optional(Type.String()),
  contactName: Type.Optional(Type.String()),
  contactEmail: Type.Optional(Type.String()),
  contactPhone: Type.Optional(Type.String()),
  url: Type.String(),
})

const EntryDetail = Type.Union([
  Type.Object({ kind: Type.Union([Type.Literal('elected'), Type.Literal('agent')]), person: PersonCard }),
  Type.Object({ kind: Type.Literal('service'), service: ServiceCard }),
  Type.Object({ kind: Type.Literal('association'), association: AssociationSchema }),
])

/** The public directory for programs. */
export function registerEntryApi(k: DirectoryRegistrar): void {
  k.route(
    {
      method: 'GET', path: '/api/entries', audience: 'public', summary: "Chercher dans l'annuaire public",
      query: Type.Object({
        q: Type.String({ maxLength: 200, default: '' }),
        kind: Type.Optional(Choice(ENTRY_KINDS)),
        page: Type.Integer({ minimum: 1, maximum: 10_000, default: 1 }),
        pageSize: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
      }),
      response: { 200: Type.Object({ entries: Type.Array(EntrySchema), total: Type.Integer(), page: Type.Integer(), pageCount: Type.Integer() }) },
    },
    async (c, { query }) => {
      const { entries, total, pageCount } = await searchEntries(c, { text: query.q, kind: query.kind, page: query.page, pageSize: query.pageSize })
      return c.reply(200, { entries: [...entries], total, page: query.page, pageCount })
    },
  )

  k.route(
    { method: 'GET', path: '/api/entries/:id', audience: 'public', summary: "Une fiche de l'annuaire public", response: { 200: EntryDetail, 404: Problem } },
    async (c, { params }) => {
      const id = params['id'] ?? ''
      const person = await findPerson(c.db, id)
      if (person !== undefined) return isVisible(c, person) ? c.reply(200, { kind: person.person.kind, person: personCard(c, person) }) : c.notFound()
      const service = await findService(c.db, id)
      if (service !== undefined) return c.reply(200, { kind: 'service', service: serviceCard(c, service) })
      const association = await findAssociation(c.db, id)
      return association === undefined ? c.notFound() : c.reply(200, { kind: 'association', association: associationCard(c, association) })
    },
  )
}
