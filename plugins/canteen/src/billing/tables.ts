/** Tables of the area billing: tariffs, campaigns, invoices, payments. */
export type BillingTables = Readonly<Record<never, never>>
