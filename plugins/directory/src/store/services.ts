import { foldText } from '@liberacces/sdk'
import { PersonChanged } from '../contract.ts'
import type { DirectoryDb, DirectoryTransaction } from '../directory-types.ts'
import { serviceSearchText, type Service } from '../service.ts'
import type { Tables } from '../tables.ts'

/** A service as stored. */
export interface StoredService extends Service {
  readonly id: string
}

function fromRow(row: Tables['service']): StoredService {
  return {
    id: row.id,
    name: row.name,
    parentId: row.parent_id ?? undefined,
    description: row.description,
    openingHours: row.opening_hours,
    address: row.address,
    email: row.email ?? undefined,
    phone: row.phone ?? undefined,
  }
}

/** All services, by name. */
export async function allServices(db: DirectoryDb): Promise<readonly StoredService[]> {
  return (await db.selectFrom('service').selectAll().orderBy('sort_key').execute()).map(fromRow)
}

/** A service by id. */
export async function findService(db: DirectoryDb, id: string): Promise<StoredService | undefined> {
  const row = await db.selectFrom('service').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : fromRow(row)
}

/** A service by name as people type it, accents and case aside. Names are unique in this sense. */
export async function serviceNamed(db: DirectoryDb, name: string): Promise<StoredService | undefined> {
  const row = await db.selectFrom('service').selectAll().where('sort_key', '=', foldText(name)).executeTakeFirst()
  return row === undefined ? undefined : fromRow(row)
}

/** Stores a service, new or not. */
export async function saveService(tx: DirectoryTransaction, id: string, service: Service): Promise<void> {
  const values = {
    name: service.name,
    parent_id: service.parentId ?? null,
    description: service.description,
    opening_hours: service.openingHours,
    address: service.address,
    email: service.email ?? null,
    phone: service.phone ?? null,
    sort_key: foldText(service.name),
    search_text: serviceSearchText(service),
  }
  const { numUpdatedRows } = await tx.updateTable('service').set(values).where('id', '=', id).executeTakeFirstOrThrow()
  if (Number(numUpdatedRows) === 0) await tx.insertInto('service').values({ id, ...values }).execute()
}

/** Deletes a service; its people, who are changed by that, and its sub-services stay, under none. `false` when there is no such service. */
export async function deleteService(tx: DirectoryTransaction, id: string): Promise<boolean> {
  const people = await tx.selectFrom('person').select('id').where('service_id', '=', id).execute()
  await tx.updateTable('person').set({ service_id: null }).where('service_id', '=', id).execute()
  await tx.updateTable('service').set({ parent_id: null }).where('parent_id', '=', id).execute()
  const { numDeletedRows } = await tx.deleteFrom('service').where('id', '=', id).executeTakeFirstOrThrow()
  for (const person of people) await tx.emit(PersonChanged, { personId: person.id, change: 'updated' })
  return Number(numDeletedRows) > 0
}
