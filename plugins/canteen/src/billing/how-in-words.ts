import type { CanteenContext } from '../canteen-types.ts'
import { paymentReference } from './invoice-number.ts'
import type { HowToPay } from './store/how-to-pay.ts'
import type { Regie } from './store/regies.ts'
import type { BillingTables } from './tables.ts'

/** What a payer has to do about an invoice, in words that are true of that payer: when it is debited, and by which mandate, or how to pay. */
export function howInWords(c: Pick<CanteenContext, 't' | 'format'>, how: HowToPay, invoice: Pick<BillingTables['invoice'], 'kind' | 'number' | 'issued_on' | 'due_on'>, regie: Regie): string {
  const due = 'cents' in how ? c.format.money(how.cents) : ''
  switch (how.kind) {
    case 'settled': return c.t('billing.how.settled')
    case 'debited': return c.t('billing.how.debited', { due, day: c.format.date(how.day), rum: how.rum })
    case 'mandate': return c.t('billing.how.mandate', { due, rum: how.rum })
    case 'due': {
      const { payfip = '' } = regie.identity
      const text = c.t('billing.how.due', { due, day: c.format.date(invoice.due_on), reference: paymentReference(regie.number, invoice) ?? '' })
      return payfip === '' ? text : `${text}\n${c.t('billing.payfip', { number: payfip })} https://www.payfip.gouv.fr/`
    }
  }
}
