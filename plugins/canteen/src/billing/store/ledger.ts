/** Who owes what: invoices and refunds are settled from payments and credit notes, the oldest first. */
import type { CanteenContext, CanteenDatabase, CanteenTransaction } from '../../canteen-types.ts'
import type { PaymentMethod } from '../tables.ts'

/** Something that is settled, or settles, and how much of it is left, in cents, above zero. */
interface Open { readonly id: string; readonly cents: number }

/** What a payer owes a régie and has with it. */
export interface Account {
  /** What is due of numbered invoices, oldest first. */
  readonly due: readonly Open[]
  /** What is left of payments and credit notes, oldest first. */
  readonly available: readonly Open[]
}

/** The account of a payer with a régie. */
export async function accountOf(db: CanteenDatabase, regieId: string, guardianId: string): Promise<Account> {
  const documents = await db.selectFrom('invoice').select(['id', 'kind', 'cents']).where('regie_id', '=', regieId).where('guardian_id', '=', guardianId).where('number', 'is not', null).orderBy('due_on').orderBy('number').execute()
  const payments = await db.selectFrom('payment').select(['id', 'cents']).where('regie_id', '=', regieId).where('guardian_id', '=', guardianId).where('reversed_at', 'is', null).orderBy('received_on').orderBy('id').execute()
  const ids = [...documents, ...payments].map(({ id }) => id)
  const settled = ids.length === 0 ? [] : await db.selectFrom('settlement').select(['source_id', 'target_id', 'cents']).where((or) => or.or([or('source_id', 'in', ids), or('target_id', 'in', ids)])).execute()
  const used = new Map<string, number>()
  for (const { source_id: source, target_id: target, cents } of settled) for (const id of [source, target]) used.set(id, (used.get(id) ?? 0) + cents)
  const open = (rows: readonly { readonly id: string; readonly cents: number }[]): readonly Open[] => rows.map(({ id, cents }) => ({ id, cents: Math.abs(cents) - (used.get(id) ?? 0) })).filter(({ cents }) => cents > 0)
  return { due: open(documents.filter(({ kind }) => kind === 'invoice')), available: [...open(documents.filter(({ kind }) => kind === 'credit')), ...open(payments.filter(({ cents }) => cents > 0))] }
}

/** Settles what a payer owes from what is available; `first` names an invoice that goes before the oldest. */
export async function settleOpen(c: CanteenContext, tx: CanteenTransaction, regieId: string, guardianId: string, first?: string): Promise<void> {
  const { due, available } = await accountOf(tx, regieId, guardianId)
  const targets = [...due.filter(({ id }) => id === first), ...due.filter(({ id }) => id !== first)]
  await settle(c, tx, available, targets)
}

/** The same of a payer whose documents have just come together, held against payments that come in at the same moment. */
export async function settlePayer(c: CanteenContext, tx: CanteenTransaction, regieId: string, guardianId: string): Promise<void> {
  await lock(tx, regieId)
  await settleOpen(c, tx, regieId, guardianId)
}

/** Matches sources with targets in their order, until one side is used up. */
async function settle(c: CanteenContext, tx: CanteenTransaction, sources: readonly Open[], targets: readonly Open[]): Promise<void> {
  const rows: { id: string; source_id: string; target_id: string; cents: number; settled_on: string }[] = []
  let place = 0
  let left = targets[0]?.cents ?? 0
  for (const source of sources) {
    let { cents } = source
    while (cents > 0) {
      const target = targets[place]
      if (target === undefined) break
      const now = Math.min(cents, left)
      rows.push({ id: c.id(), source_id: source.id, target_id: target.id, cents: now, settled_on: c.today() })
      cents -= now
      left -= now
      if (left === 0) left = targets[++place]?.cents ?? 0
    }
  }
  if (rows.length > 0) await tx.insertInto('settlement').values(rows).execute()
}

/** A payment, or with `refund` money that goes back. */
export interface NewPayment { readonly regieId: string; readonly guardianId: string; readonly householdId: string; readonly cents: number; readonly method: PaymentMethod; readonly receivedOn: string; readonly note: string; readonly invoiceId?: string }

/** Enters a payment within a transaction and settles invoices with it. What is left waits for the next ones. @returns its id */
export async function enterPayment(c: CanteenContext, tx: CanteenTransaction, { regieId, guardianId, householdId, cents, method, receivedOn, note, invoiceId }: NewPayment): Promise<string> {
  const id = c.id()
  await lock(tx, regieId)
  await tx.insertInto('payment').values({ id, regie_id: regieId, guardian_id: guardianId, household_id: householdId, cents, method, received_on: receivedOn, note, created_at: c.now().toISOString(), reversed_at: null }).execute()
  await settleOpen(c, tx, regieId, guardianId, invoiceId)
  return id
}

/** Pays back what a payer has too much. @returns its id, or `undefined` where less is available */
export async function refund(c: CanteenContext, tx: CanteenTransaction, { regieId, guardianId, householdId, cents, method, receivedOn, note }: NewPayment): Promise<string | undefined> {
  await lock(tx, regieId)
  const { available } = await accountOf(tx, regieId, guardianId)
  if (available.reduce((sum, open) => sum + open.cents, 0) < cents) return undefined
  const id = c.id()
  await tx.insertInto('payment').values({ id, regie_id: regieId, guardian_id: guardianId, household_id: householdId, cents: -cents, method, received_on: receivedOn, note, created_at: c.now().toISOString(), reversed_at: null }).execute()
  await settle(c, tx, available, [{ id, cents }])
  return id
}

/** Takes a payment out again that the bank did not honour: what it settled is due as before. @returns whether there was one that was not refunded */
export async function reversePayment(c: CanteenContext, id: string): Promise<boolean> {
  const done = await c.transaction(async (tx) => {
    const payment = await tx.selectFrom('payment').select('regie_id').where('id', '=', id).executeTakeFirst()
    if (payment === undefined) return false
    await lock(tx, payment.regie_id)
    // Money that went back already cannot be taken out.
    const refunded = await tx.selectFrom('settlement').innerJoin('payment', 'payment.id', 'settlement.target_id').select('settlement.id').where('source_id', '=', id).executeTakeFirst()
    if (refunded !== undefined) return false
    const { numUpdatedRows } = await tx.updateTable('payment').set({ reversed_at: c.now().toISOString() }).where('id', '=', id).where('reversed_at', 'is', null).where('cents', '>', 0).executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return false
    await tx.deleteFrom('settlement').where('source_id', '=', id).execute()
    return true
  })
  if (done) await c.audit('payment.reversed', id)
  return done
}

/** Two payments of a régie at once do not settle the same invoice twice: they wait for each other here. */
async function lock(tx: CanteenTransaction, regieId: string): Promise<void> {
  await tx.updateTable('regie').set((eb) => ({ version: eb('version', '+', 0) })).where('id', '=', regieId).execute()
}

/** What is still due of invoices, by id; 0 where all is paid. */
export async function dueOf(db: CanteenDatabase, invoices: readonly { readonly id: string; readonly cents: number }[]): Promise<ReadonlyMap<string, number>> {
  if (invoices.length === 0) return new Map()
  const rows = await db.selectFrom('settlement').select((eb) => ['target_id', eb.fn.sum('cents').as('sum')]).where('target_id', 'in', invoices.map(({ id }) => id)).groupBy('target_id').execute()
  const settled = new Map(rows.map(({ target_id: id, sum }) => [id, Number(sum)]))
  return new Map(invoices.map(({ id, cents }) => [id, Math.max(0, cents - (settled.get(id) ?? 0))]))
}
