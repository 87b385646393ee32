import type { Migration } from '@liberacces/sdk'

/** Columns by table: a name ending in `?` may be null, one starting with `#` is an integer. */
const TABLES: Readonly<Record<string, string>> = {
  regie: '#number name #next_invoice #next_credit #version identity',
  tariff: 'regie_id unit_id name first_day last_day? rules siblings_counted account #childcare',
  campaign: 'regie_id name first_day last_day due_day state cursor #drafted #regie_version #households #invoices #credits #cents created_at validated_at? published_at?',
  campaign_alert: 'campaign_id household_id name kind detail',
  invoice: 'regie_id campaign_id? kind #position #number? household_id guardian_id account_id? payer_name payer_address payer_postcode payer_town payer_email? #cents issued_on? due_on #published credits_invoice? reason? file_id? created_at',
  invoice_line: 'invoice_id #position booking_id? child_id? child_name birth_day? activity_id? unit_id? unit_name day #cents parts #price_cents #share #minutes tier? account #childcare #correction',
  payment: 'regie_id guardian_id household_id #cents method received_on note created_at reversed_at?',
  settlement: 'source_id target_id #cents settled_on',
  reminder: 'invoice_id #step sent_on #by_mail',
  mandate: 'guardian_id account_id? rum holder iban last_four signed_on kind #uses #active',
  collection: 'regie_id debit_day #items #cents file_id? created_at',
  collection_item: 'collection_id invoice_id mandate_id sequence #cents payment_id',
}

const INDEXES: readonly (readonly [name: string, table: string, columns: readonly string[], unique: boolean])[] = [
  ['regie_number', 'regie', ['number'], true],
  ['tariff_unit', 'tariff', ['unit_id', 'first_day'], false],
  ['campaign_regie', 'campaign', ['regie_id', 'state', 'first_day'], false],
  ['campaign_alert_campaign', 'campaign_alert', ['campaign_id', 'kind'], false],
  // The database itself refuses a number twice.
  ['invoice_number', 'invoice', ['regie_id', 'kind', 'number'], true],
  ['invoice_campaign', 'invoice', ['campaign_id', 'kind', 'position'], false],
  ['invoice_household', 'invoice', ['household_id'], false],
  ['invoice_guardian', 'invoice', ['guardian_id', 'due_on'], false],
  ['invoice_account', 'invoice', ['account_id'], false],
  ['invoice_due', 'invoice', ['published', 'due_on'], false],
  ['invoice_credits', 'invoice', ['credits_invoice'], false],
  ['invoice_line_invoice', 'invoice_line', ['invoice_id', 'position'], false],
  ['payment_guardian', 'payment', ['guardian_id', 'received_on'], false],
  ['settlement_source', 'settlement', ['source_id'], false],
  ['settlement_target', 'settlement', ['target_id'], false],
  ['reminder_step', 'reminder', ['invoice_id', 'step'], true],
  ['mandate_rum', 'mandate', ['rum'], true],
  ['mandate_guardian', 'mandate', ['guardian_id'], false],
  ['collection_item_invoice', 'collection_item', ['invoice_id'], false],
  ['collection_item_collection', 'collection_item', ['collection_id'], false],
]

/** Tariffs, campaigns, invoices, payments, direct debits. */
export const billing: Migration = {
  up: async ({ schema }) => {
    for (const [table, columns] of Object.entries(TABLES)) {
      let made = schema.createTable(table).addColumn('id', 'text', (is) => is.primaryKey())
      for (const column of columns.split(' ')) {
        const [, number, name = '', mayBeNull] = /^(#?)(\w+)(\??)$/.exec(column) ?? []
        made = made.addColumn(name, number === '' ? 'text' : 'integer', (is) => (mayBeNull === '' ? is.notNull() : is))
      }
      await made.execute()
    }
    for (const [name, table, columns, isUnique] of INDEXES) {
      const index = schema.createIndex(name).on(table).columns([...columns])
      await (isUnique ? index.unique() : index).execute()
    }
  },
  down: async ({ schema }) => {
    for (const table of Object.keys(TABLES).toReversed()) await schema.dropTable(table).execute()
  },
}
