import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'

const LINE = 'id, invoice_id, position, booking_id, child_id, child_name, birth_day, activity_id, unit_id, unit_name, day, cents, parts, price_cents, share, minutes, tier, account, childcare, correction'
const INVOICE = 'id, campaign_id, kind, position, number, household_id, payer_name, cents, due_on'
/** Households of one transaction, as in the plugin. */
const STEP = 200

/** A database with what is to be billed, and the tables that take invoices with the indexes that they have with us. */
export function openBare(file: string, households: readonly { readonly id: string; readonly quotient: number | null }[], days: readonly string[]): Database.Database {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  const db = new Database(file)
  db.pragma('journal_mode = wal')
  db.pragma('synchronous = full')
  db.exec(`create table household (id text primary key, quotient integer);
    create table booking (id text primary key, household_id text not null, day text not null); create index booking_household on booking (household_id, day);
    create table invoice (${INVOICE.replace('id,', 'id text primary key,')}); create index invoice_campaign on invoice (campaign_id, kind, position); create index invoice_household on invoice (household_id);
    create table invoice_line (${LINE.replace('id,', 'id text primary key,')}); create index invoice_line_invoice on invoice_line (invoice_id, position)`)
  const [household, booking] = [db.prepare('insert into household values (?, ?)'), db.prepare('insert into booking values (?, ?, ?)')]
  db.transaction(() => {
    for (const { id, quotient } of households) {
      household.run(id, quotient)
      for (const day of days) booking.run(`${id} ${day}`, id, day)
    }
  })()
  return db
}

/** Prices every booking by its tier and writes an invoice for each household. @returns the sum in cents */
export function billBare(db: Database.Database, tiers: readonly { readonly name: string; readonly from: number; readonly to: number | null }[], prices: readonly number[]): number {
  const insert = (table: string, columns: string) => db.prepare(`insert into ${table} (${columns}) values (${columns.split(', ').map(() => '?').join(', ')})`)
  const [invoice, line] = [insert('invoice', INVOICE), insert('invoice_line', LINE)]
  const next = db.prepare('select id, quotient from household where id > ? order by id limit ?')
  const bookings = db.prepare('select id, day from booking where household_id = ? order by day')
  let total = 0
  for (let after = '', position = 0; ;) {
    const households = next.all(after, STEP) as readonly { readonly id: string; readonly quotient: number | null }[]
    db.transaction(() => {
      for (const { id, quotient } of households) {
        const found = quotient === null ? -1 : tiers.findIndex(({ from, to }) => quotient >= from && (to === null || quotient <= to))
        const tier = found === -1 ? tiers.length - 1 : found
        const cents = prices[tier] ?? 0
        const own = bookings.all(id) as readonly { readonly id: string; readonly day: string }[]
        const invoiceId = randomUUID()
        own.forEach((booking, index) => {
          line.run(randomUUID(), invoiceId, index, booking.id, `${id}-e`, `Lina ${id}`, '2019-05-12', 'cantine', 'repas', 'Repas', booking.day, cents, JSON.stringify([{ kind: 'tier', tier: tiers[tier]?.name, from: tiers[tier]?.from, to: tiers[tier]?.to, cents }, { kind: 'resident' }]), cents, 10_000, 90, tiers[tier]?.name, '7067', 0, 0)
        })
        invoice.run(invoiceId, 'campagne', 'invoice', position++, null, id, `Claire ${id}`, cents * own.length, '2099-12-15')
        total += cents * own.length
      }
    })()
    if (households.length < STEP) return total
    after = households.at(-1)?.id ?? ''
  }
}
