import { Type, type Static } from '@liberacces/sdk'
import type { CanteenDatabase } from '../../canteen-types.ts'

/** What a bank and the comptable public know a régie by. Whatever is missing is asked for when a file needs it. */
export const RegieIdentity = Type.Object({
  /** Who is paid, as bank statements name it. */
  creditor: Type.Optional(Type.String({ maxLength: 70 })),
  /** Identifiant créancier SEPA. */
  ics: Type.Optional(Type.String({ maxLength: 35 })),
  iban: Type.Optional(Type.String({ maxLength: 34 })),
  bic: Type.Optional(Type.String({ maxLength: 11 })),
  siret: Type.Optional(Type.String({ maxLength: 14 })),
  /** Codique of the trésorerie. */
  idPost: Type.Optional(Type.String({ maxLength: 7 })),
  codCol: Type.Optional(Type.String({ maxLength: 3 })),
  codBud: Type.Optional(Type.String({ maxLength: 2 })),
  /** Code produit local, agreed with the comptable. */
  codProdLoc: Type.Optional(Type.String({ maxLength: 4 })),
  /** Number of the collectivité at PayFiP. */
  payfip: Type.Optional(Type.String({ maxLength: 6 })),
})
/** See {@link RegieIdentity}. */
export type RegieIdentity = Static<typeof RegieIdentity>

/** A régie. */
export interface Regie { readonly id: string; readonly number: number; readonly name: string; readonly identity: RegieIdentity }

/** All régies, by number. */
export async function allRegies(db: CanteenDatabase): Promise<readonly Regie[]> {
  const rows = await db.selectFrom('regie').select(['id', 'number', 'name', 'identity']).orderBy('number').execute()
  return rows.map(({ identity, ...regie }) => ({ ...regie, identity: JSON.parse(identity) as RegieIdentity }))
}

/** A régie by id. */
export async function findRegie(db: CanteenDatabase, id: string): Promise<Regie | undefined> {
  return (await allRegies(db)).find((regie) => regie.id === id)
}

/** Stores a régie; its counters stay. */
export async function saveRegie(db: CanteenDatabase, { id, number, name, identity }: Regie): Promise<void> {
  await db.insertInto('regie').values({ id, number, name, identity: JSON.stringify(identity), next_invoice: 1, next_credit: 1, version: 0 })
    .onConflict((on) => on.column('id').doUpdateSet({ name, identity: JSON.stringify(identity) })).execute()
}
