import { TextBody, Type } from '@liberacces/sdk'
import { writeCsv } from '@liberacces/sdk/csv'
import type { CanteenRegistrar } from '../../canteen-types.ts'
import { decimalEuros } from '../../payments/euros.ts'
import { invoiceNumber } from '../invoice-number.ts'
import { dueOf } from '../store/ledger.ts'
import { allRegies } from '../store/regies.ts'

const HOME = '/gestion/facturation/export'
/** Rows that are read at once. */
const STEP = 1_000

/** Lists for spreadsheets; each download is in the audit trail. */
export function registerExports(k: CanteenRegistrar): void {
  const access = { method: 'GET', audience: 'agent', permission: 'billing.read', response: { 200: TextBody('text/csv') }, timeoutMs: 60_000 } as const
  const attachment = (name: string) => ({ 'content-disposition': `attachment; filename="${name}"` })

  k.route({ ...access, path: `${HOME}/factures.csv`, summary: 'Invoices and credit notes (CSV)' }, async (c) => {
    const regies = new Map((await allRegies(c.db)).map(({ id, number }) => [id, number]))
    const rows: string[][] = []
    for (let after = '';;) {
      const step = await c.db.selectFrom('invoice').selectAll().where('number', 'is not', null).where('id', '>', after).orderBy('id').limit(STEP).execute()
      const due = await dueOf(c.db, step)
      for (const row of step) rows.push([invoiceNumber(regies.get(row.regie_id) ?? 0, row) ?? '', row.issued_on ?? '', row.due_on, row.payer_name, comma(row.cents), row.kind === 'invoice' ? comma(due.get(row.id) ?? 0) : ''])
      if (step.length < STEP) break
      after = step.at(-1)?.id ?? ''
    }
    await c.audit('invoices.exported', 'invoice', { count: rows.length })
    return c.reply(200, writeCsv(['billing.number', 'billing.issued', 'field.dueDay', 'billing.payer', 'billing.total', 'billing.due'].map((key) => c.t(key as 'billing.number')), rows), attachment('factures.csv'))
  })

  k.route({ ...access, path: `${HOME}/paiements.csv`, summary: 'Payments and refunds (CSV)' }, async (c) => {
    const rows = await c.db.selectFrom('payment').selectAll().orderBy('received_on').orderBy('id').execute()
    await c.audit('payments.exported', 'payment', { count: rows.length })
    return c.reply(200, writeCsv([c.t('field.receivedOn'), c.t('field.method'), c.t('billing.total'), c.t('field.note'), c.t('billing.state')], rows.map((row) => [row.received_on, c.t(`field.method.${row.method}`), comma(row.cents), row.note, row.reversed_at === null ? '' : c.t('billing.reversed')])), attachment('paiements.csv'))
  })

  k.route({ ...access, path: `${HOME}/caf.csv`, query: Type.Object({ annee: Type.Integer({ minimum: 2000, maximum: 2199 }) }), summary: 'Acts, hours and children by activity and tier of a year, for the CAF (CSV)' }, async (c, { query }) => {
    const rows = await c.db.selectFrom('invoice_line').innerJoin('invoice', 'invoice.id', 'invoice_id').innerJoin('unit', 'unit.id', 'unit_id').innerJoin('activity', 'activity.id', 'unit.activity_id')
      .select((eb) => ['activity.name as activity', 'unit.name as unit', 'tier', eb.fn.count('booking_id').distinct().as('acts'), eb.fn.count('invoice_line.child_id').distinct().as('children'), eb.fn.sum('invoice_line.minutes').as('minutes'), eb.fn.sum('invoice_line.cents').as('cents')])
      .where('number', 'is not', null).where('minutes', '>', 0).where('correction', '=', 0).where('day', '>=', `${query.annee}-01-01`).where('day', '<=', `${query.annee}-12-31`)
      .groupBy(['activity.name', 'unit.name', 'tier']).orderBy('activity.name').orderBy('unit.name').orderBy('tier', (order) => order.asc().nullsFirst()).execute()
    await c.audit('caf.exported', String(query.annee), { count: rows.length })
    return c.reply(200, writeCsv([c.t('billing.activity'), c.t('billing.unit'), c.t('billing.tier'), c.t('billing.acts'), c.t('billing.children'), c.t('billing.hours'), c.t('billing.total')],
      rows.map((row) => [row.activity, row.unit, row.tier ?? '', String(row.acts), String(row.children), comma(Math.round((Number(row.minutes) * 100) / 60)), comma(Number(row.cents))])), attachment(`caf-${query.annee}.csv`))
  })
}

function comma(cents: number): string {
  return decimalEuros(cents).replace('.', ',')
}
