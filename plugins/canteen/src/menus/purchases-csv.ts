import { readCsv } from '@liberacces/sdk/csv'
import { centsFrom, type Quality } from './egalim.ts'

/** A purchase, as it stands in a file. */
export interface ReadPurchase {
  readonly day: string
  readonly supplier: string
  readonly label: string
  readonly cents: number
  readonly quality: Quality
}

/** What is wrong in a line of a file. */
export interface PurchaseFault {
  /** From 1, the heading. 0 where it is the file as a whole. */
  readonly line: number
  readonly what: 'file' | 'heading' | 'day' | 'amount' | 'quality' | 'label'
}

const HEADINGS = ['date', 'fournisseur', 'libelle', 'montant_ht', 'categorie'] as const
const QUALITY_OF: ReadonlyMap<string, Quality> = new Map([['bio', 'organic'], ['siqo', 'siqo'], ['durable', 'durable'], ['autre', 'none'], ['', 'none']])
const MOST = 20_000

/** Reads purchases from CSV: `date;fournisseur;libelle;montant_ht;categorie`. All faults at once; nothing is taken then. */
export function readPurchases(bytes: Uint8Array): { readonly purchases: readonly ReadPurchase[] } | { readonly faults: readonly PurchaseFault[] } {
  const reading = readCsv(bytes)
  if (!reading.ok) return { faults: [{ line: reading.line, what: 'file' }] }
  const { rows } = reading.table
  const header = reading.table.header.map((name) => name.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, ''))
  if (!HEADINGS.every((name) => header.includes(name))) return { faults: [{ line: 1, what: 'heading' }] }
  if (rows.length > MOST) return { faults: [{ line: 0, what: 'file' }] }
  const faults: PurchaseFault[] = []
  const purchases = rows.flatMap(({ line, cells }): readonly ReadPurchase[] => {
    const of = (name: (typeof HEADINGS)[number]): string => cells[header.indexOf(name)] ?? ''
    const [day, cents, quality, label] = [dayFrom(of('date')), centsFrom(of('montant_ht')), QUALITY_OF.get(of('categorie').toLowerCase()), of('libelle')]
    if (day === undefined) faults.push({ line, what: 'day' })
    if (cents === undefined) faults.push({ line, what: 'amount' })
    if (quality === undefined) faults.push({ line, what: 'quality' })
    if (label === '' || label.length > 200) faults.push({ line, what: 'label' })
    return day === undefined || cents === undefined || quality === undefined ? [] : [{ day, cents, quality, label, supplier: of('fournisseur').slice(0, 200) }]
  })
  return faults.length > 0 ? { faults } : { purchases }
}

/** `2026-05-14` or `14/05/2026`, of a day that there is. */
function dayFrom(text: string): string | undefined {
  const french = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text)
  const day = french === null ? text : `${french[3]}-${french[2]}-${french[1]}`
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) ? day : undefined
}
