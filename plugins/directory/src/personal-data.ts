import type { Privacy, PrivacyExpired, PrivacyExpiry } from '@liberacces/sdk'
import { PersonChanged } from './contract.ts'
import type { DirectoryContext } from './directory-types.ts'
import { isCurrent } from './mandate.ts'
import { associationFromRow } from './store/associations.ts'
import { deletePerson, selectPeople, today, updatePerson, withMandates, type StoredPerson } from './store/people.ts'
import type { Tables } from './tables.ts'

/** Someone whose data is asked for. */
interface Subject {
  readonly id: string
  readonly email: string | undefined
}

const NO_CONTACT = { contact_name: '', contact_email: null, contact_phone: null, contact_public: 0 } as const

/** What the directory keeps of people, why, and how a person gets it or gets rid of it. */
export const privacy: Privacy<Tables, DirectoryContext> = {
  stores: [
    { table: 'person', subject: 'email', purpose: { fr: 'Annuaire des élus et des agents de la collectivité', en: 'Directory of elected members and staff' }, basis: 'public-task', retentionDays: 2_190 },
    { table: 'mandate', subject: 'person_id', purpose: { fr: 'Composition des assemblées de la collectivité', en: 'Membership of the assemblies' }, basis: 'legal-obligation', retentionDays: 2_190 },
    { table: 'association', subject: 'contact_email', purpose: { fr: 'Annuaire des associations et de leurs contacts', en: 'Directory of associations and their contacts' }, basis: 'public-task', retentionDays: 1_095 },
  ],

  export: async (c, subject) => {
    const people = await peopleOf(c, subject)
    const associations = await associationsOf(c, subject)
    return {
      data: {
        person: people.map(({ id, person, serviceName }) => ({ id, ...person, serviceName })),
        mandate: people.flatMap(({ mandates }) => mandates),
        association: associations,
      },
    }
  },

  expire: expireTable,

  erase: async (c, subject) => {
    const people = await peopleOf(c, subject)
    const associations = await associationsOf(c, subject)
    const inOffice = people.filter(({ mandates }) => mandates.some((mandate) => isCurrent(mandate, today(c))))
    let erased = 0
    await c.transaction(async (tx) => {
      for (const stored of people) {
        if (inOffice.includes(stored)) {
          const anonymous = { emailPublic: false, phonePublic: false, email: undefined, phone: undefined, internalPhone: undefined, room: undefined, accountId: undefined }
          await updatePerson(tx, stored.id, { ...stored.person, ...anonymous }, c.now())
          const ended = stored.mandates.filter((mandate) => !isCurrent(mandate, today(c))).map(({ id }) => id)
          if (ended.length > 0) await tx.deleteFrom('mandate').where('id', 'in', ended).execute()
          erased += 1 + ended.length
        } else {
          await deletePerson(tx, stored.id)
          erased += 1 + stored.mandates.length
        }
      }
      for (const { id } of associations) {
        await tx.updateTable('association').set(NO_CONTACT).where('id', '=', id).execute()
        erased += 1
      }
    })
    if (inOffice.length === 0) return { erased }
    return {
      erased,
      kept: [{
        what: { fr: 'Nom et mandat en cours', en: 'Name and current mandate' },
        because: {
          fr: 'La composition du conseil est publique tant que dure le mandat (CGCT, articles L2121-1 et R2121-2).',
          en: 'The membership of the council is public while the mandate lasts (CGCT, articles L2121-1 and R2121-2).',
        },
      }],
    }
  },
}

/** Rows that one step lets go of. */
const STEP = 200

/**
 * Lets go of what nobody needs any more: mandates by their end, people who are in no office and on no list by their last change, and contacts of
 * associations that nobody has looked after since. Who is in office or listed stays, however long ago that was written down.
 */
async function expireTable(c: DirectoryContext, { table, before }: PrivacyExpired<Tables>): Promise<PrivacyExpiry> {
  const [day, moment] = [before.toISOString().slice(0, 10), before.toISOString()]
  switch (table) {
    case 'mandate': return await c.transaction(async (tx) => {
      const ended = await tx.selectFrom('mandate').select(['id', 'person_id']).where('last_day', '<', day).orderBy('last_day').limit(STEP).execute()
      if (ended.length > 0) await tx.deleteFrom('mandate').where('id', 'in', ended.map(({ id }) => id)).execute()
      for (const personId of new Set(ended.map((mandate) => mandate.person_id))) await tx.emit(PersonChanged, { personId, change: 'updated' })
      return { expired: ended.length, hasMore: ended.length === STEP }
    })
    case 'person': return await c.transaction(async (tx) => {
      const people = await tx.selectFrom('person').select('id').where('updated_at', '<', moment)
        .where((where) => where.not(where.exists(where.selectFrom('mandate').select('mandate.id').whereRef('mandate.person_id', '=', 'person.id').where((or) => or.or([or('last_day', 'is', null), or('last_day', '>=', day)])))))
        .where((or) => or.or([or('listed', '=', 0), or('kind', '<>', 'agent')]))
        .orderBy('updated_at').limit(STEP).execute()
      for (const { id } of people) await deletePerson(tx, id)
      return { expired: people.length, hasMore: people.length === STEP }
    })
    case 'association': return await c.transaction(async (tx) => {
      const old = await tx.selectFrom('association').select('id').where('updated_at', '<', moment)
        .where((or) => or.or([or('contact_name', '<>', ''), or('contact_email', 'is not', null), or('contact_phone', 'is not', null)])).orderBy('updated_at').limit(STEP).execute()
      if (old.length > 0) await tx.updateTable('association').set(NO_CONTACT).where('id', 'in', old.map(({ id }) => id)).execute()
      return { expired: old.length, hasMore: old.length === STEP }
    })
    default: return { expired: 0 }
  }
}

/** People linked to the account, and those without an account whose e-mail address is the subject's. */
async function peopleOf(c: DirectoryContext, { id, email }: Subject): Promise<readonly StoredPerson[]> {
  const rows = await selectPeople(c.db)
    .where((eb) => {
      const linked = eb('person.account_id', '=', id)
      return email === undefined ? linked : eb.or([linked, eb.and([eb('person.account_id', 'is', null), eb('person.email', '=', email.toLowerCase())])])
    })
    .execute()
  return withMandates(c.db, rows)
}

async function associationsOf(c: DirectoryContext, { email }: Subject) {
  if (email === undefined) return []
  const rows = await c.db.selectFrom('association').selectAll().where('contact_email', '=', email.toLowerCase()).execute()
  return rows.map((row) => {
    const { id, name, contactName, contactEmail, contactPhone, contactPublic } = associationFromRow(row)
    return { id, name, contactName, contactEmail, contactPhone, contactPublic }
  })
}
