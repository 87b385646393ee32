import { asDay } from '@liberacces/sdk'
import { PersonChanged } from '../contract.ts'
import type { DirectoryContext, DirectoryDb, DirectoryTransaction } from '../directory-types.ts'
import { personSearchText, personSortKey, type Person, type PersonField, type PersonKind } from '../person.ts'
import type { Problems } from '../checked.ts'
import type { Tables } from '../tables.ts'
import { mandatesOf, type StoredMandate } from './mandates.ts'

/** A person as stored, with what belongs to it. */
export interface StoredPerson {
  readonly id: string
  readonly person: Person
  readonly serviceName: string | undefined
  /** Past, current and future ones, highest office first. */
  readonly mandates: readonly StoredMandate[]
}

type PersonRow = Omit<Tables['person'], 'sort_key' | 'search_text' | 'updated_at'> & { readonly service_name: string | null }

/** All people with the name of their service; narrow it, then hand the rows to {@link withMandates}. */
export function selectPeople(db: DirectoryDb) {
  return db
    .selectFrom('person')
    .leftJoin('service', 'service.id', 'person.service_id')
    .select([
      'person.id', 'person.kind', 'person.first_name', 'person.last_name', 'person.role', 'person.service_id', 'person.email', 'person.email_public',
      'person.phone', 'person.phone_public', 'person.internal_phone', 'person.room', 'person.account_id', 'person.listed', 'service.name as service_name',
    ])
}

/** Rows of {@link selectPeople} as people, in the same order. */
export async function withMandates(db: DirectoryDb, rows: readonly PersonRow[]): Promise<readonly StoredPerson[]> {
  const mandates = await mandatesOf(db, rows.map(({ id }) => id))
  return rows.map((row) => ({
    id: row.id,
    serviceName: row.service_name ?? undefined,
    mandates: mandates.get(row.id) ?? [],
    person: {
      kind: row.kind as PersonKind,
      firstName: row.first_name,
      lastName: row.last_name,
      role: row.role,
      serviceId: row.service_id ?? undefined,
      email: row.email ?? undefined,
      emailPublic: row.email_public === 1,
      phone: row.phone ?? undefined,
      phonePublic: row.phone_public === 1,
      internalPhone: row.internal_phone ?? undefined,
      room: row.room ?? undefined,
      accountId: row.account_id ?? undefined,
      listed: row.listed === 1,
    },
  }))
}

/** A person by id. */
export async function findPerson(db: DirectoryDb, id: string): Promise<StoredPerson | undefined> {
  const [person] = await withMandates(db, await selectPeople(db).where('person.id', '=', id).execute())
  return person
}

/** Everyone, by name. */
export async function allPeople(db: DirectoryDb): Promise<readonly StoredPerson[]> {
  return withMandates(db, await selectPeople(db).orderBy('person.sort_key').orderBy('person.id').execute())
}

/** What keeps a person from being stored beside the others: an e-mail address or account is one person's. */
export async function personConflicts(db: DirectoryDb, id: string | undefined, person: Person): Promise<Problems<PersonField>> {
  const taken = async (column: 'email' | 'account_id', value: string | undefined): Promise<boolean> => {
    if (value === undefined) return false
    const holder = await db.selectFrom('person').select('id').where(column, '=', value).executeTakeFirst()
    return holder !== undefined && holder.id !== id
  }
  return {
    ...((await taken('email', person.email)) ? { email: 'email-taken' as const } : {}),
    ...((await taken('account_id', person.accountId)) ? { accountId: 'account-taken' as const } : {}),
  }
}

function toRow(person: Person, now: Date): Omit<Tables['person'], 'id'> {
  return {
    kind: person.kind,
    first_name: person.firstName,
    last_name: person.lastName,
    role: person.role,
    service_id: person.serviceId ?? null,
    email: person.email ?? null,
    email_public: Number(person.emailPublic),
    phone: person.phone ?? null,
    phone_public: Number(person.phonePublic),
    internal_phone: person.internalPhone ?? null,
    room: person.room ?? null,
    account_id: person.accountId ?? null,
    listed: Number(person.listed),
    sort_key: personSortKey(person),
    search_text: personSearchText(person),
    updated_at: now.toISOString(),
  }
}

/** Stores a new person and says so. */
export async function insertPerson(tx: DirectoryTransaction, id: string, person: Person, now: Date): Promise<void> {
  await tx.insertInto('person').values({ id, ...toRow(person, now) }).execute()
  await tx.emit(PersonChanged, { personId: id, change: 'created' })
}

/** Stores a changed person and says so. `false` when there is no such person. */
export async function updatePerson(tx: DirectoryTransaction, id: string, person: Person, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('person').set(toRow(person, now)).where('id', '=', id).executeTakeFirstOrThrow()
  if (Number(numUpdatedRows) === 0) return false
  await tx.emit(PersonChanged, { personId: id, change: 'updated' })
  return true
}

/** Deletes a person with all mandates and says so. `false` when there is no such person. */
export async function deletePerson(tx: DirectoryTransaction, id: string): Promise<boolean> {
  await tx.deleteFrom('mandate').where('person_id', '=', id).execute()
  const { numDeletedRows } = await tx.deleteFrom('person').where('id', '=', id).executeTakeFirstOrThrow()
  if (Number(numDeletedRows) === 0) return false
  await tx.emit(PersonChanged, { personId: id, change: 'deleted' })
  return true
}

/** Today, as the collectivité's clock has it. */
export function today(c: Pick<DirectoryContext, 'today'>) {
  return asDay(c.today())
}
