import type { CanteenContext, CanteenDatabase } from '../../canteen-types.ts'
import { TaggedDocument } from './tagged-document.ts'

/** What was paid in a year for the care of a child under six on its first day (code général des impôts, art. 200 quater B). */
export interface ChildcarePaid { readonly childName: string; readonly birthDay: string; readonly cents: number }

/** By child: of each sum that settled an invoice in the year, the part that its childcare has in it. Meals have none. */
export async function childcarePaid(db: CanteenDatabase, accountId: string, year: string): Promise<readonly ChildcarePaid[]> {
  const settled = await db.selectFrom('settlement').innerJoin('invoice', 'invoice.id', 'target_id').innerJoin('payment', 'payment.id', 'source_id').select(['invoice.id', 'invoice.cents as total', 'settlement.cents'])
    .where('invoice.account_id', '=', accountId).where('received_on', '>=', `${year}-01-01`).where('received_on', '<=', `${year}-12-31`).execute()
  if (settled.length === 0) return []
  const lines = await db.selectFrom('invoice_line').select(['invoice_id', 'child_id', 'child_name', 'birth_day', 'cents']).where('invoice_id', 'in', [...new Set(settled.map(({ id }) => id))]).where('childcare', '=', 1).execute()
  // Born after 1 January six years before: five years old at most on 1 January.
  const oldest = `${Number(year) - 6}-01-01`
  const paid = new Map<string, ChildcarePaid>()
  for (const { id, total, cents } of settled) {
    const own = Map.groupBy(lines.filter((line) => line.invoice_id === id && line.birth_day !== null && line.birth_day > oldest), (line) => line.child_id ?? '')
    for (const [childId, of] of own) {
      const care = of.reduce((sum, line) => sum + line.cents, 0)
      const part = care <= 0 ? 0 : Number((BigInt(cents) * BigInt(Math.min(care, total))) / BigInt(total))
      const before = paid.get(childId)?.cents ?? 0
      if (part > 0) paid.set(childId, { childName: of[0]?.child_name ?? '', birthDay: of[0]?.birth_day ?? '', cents: before + part })
    }
  }
  return [...paid.values()].toSorted((a, b) => (a.birthDay < b.birthDay ? -1 : 1))
}

/** The tax certificate of a year. */
export function certificatePdf(c: Pick<CanteenContext, 't' | 'format' | 'now' | 'today' | 'tenant' | 'actor'>, year: string, paid: readonly ChildcarePaid[]): Uint8Array<ArrayBuffer> {
  const title = c.t('billing.certificate.title', { year })
  const pdf = new TaggedDocument({ title, author: c.tenant.name, language: 'fr-FR', createdAt: c.now() }, c.tenant.name)
  pdf.paragraph(c.tenant.name, { bold: true })
  pdf.heading(1, title)
  pdf.paragraph(c.t('billing.certificate.text', { name: c.actor.name, year }))
  pdf.table([{ header: c.t('billing.certificate.child'), width: 0.5 }, { header: c.t('billing.certificate.born'), width: 0.3 }, { header: c.t('billing.column.amount'), width: 0.2, numeric: true }], [
    ...paid.map(({ childName, birthDay, cents }) => [childName, c.format.date(birthDay), c.format.money(cents)]),
    [`\u0000${c.t('billing.total')}`, '', c.format.money(paid.reduce((sum, { cents }) => sum + cents, 0))],
  ])
  pdf.paragraph(c.t('billing.certificate.basis'))
  pdf.paragraph(c.t('billing.certificate.made', { day: c.format.date(c.today()) }))
  return pdf.bytes()
}
