/** Tariffs from a file: one line for each tier. Pure: what is there already is given. */
import { parseDay } from '@liberacces/sdk'
import { readCsv } from '@liberacces/sdk/csv'
import { readEuros } from '../payments/euros.ts'
import { tariffFaults, type TariffFault } from '../tariffs/tariff-faults.ts'
import type { TariffRules } from '../tariffs/tariff-rules.ts'
import { tariffLock } from './tariff-lock.ts'

/** The columns, in any order. The last three may be missing, or their cells empty. */
export const COLUMNS = ['Unité', 'Tarif', 'Régie', 'Du', 'Au', 'Tranche', 'QF de', 'QF à', 'Prix', 'Prix hors commune', 'Compte', 'Garde'] as const
const NEEDED = COLUMNS.slice(0, 9)
/** Most lines of a file. */
export const MOST_LINES = 2_000
const MOST_CENTS = 1_000_000

/** What is there already. */
export interface ImportFacts {
  readonly units: readonly { readonly id: string; readonly name: string }[]
  /** `billed` is the last day that a validated campaign has priced. */
  readonly regies: readonly { readonly id: string; readonly number: number; readonly billed: string | undefined }[]
  readonly tariffs: readonly { readonly unitId: string; readonly name: string; readonly firstDay: string; readonly lastDay: string | null }[]
}

/** What is wrong with a line, or with the tariff that begins there. Each kind has a message `billing.import.<kind>`, but for faults of tiers, which have those of the form. */
export type ImportProblem =
  | { readonly line: number; readonly kind: 'csv' | 'columns' | 'size' }
  | { readonly line: number; readonly kind: 'unit' | 'name' | 'regie' | 'day' | 'period' | 'tier' | 'quotient' | 'negative' | 'price' | 'account' | 'childcare' | 'mixed' | 'overlap' | 'billed'; readonly value: string }
  | { readonly line: number; readonly kind: 'fault'; readonly fault: TariffFault }

/** A tariff that can be stored. */
export interface ImportedTariff {
  readonly unitId: string; readonly regieId: string; readonly name: string; readonly firstDay: string; readonly lastDay: string | null
  readonly rules: TariffRules; readonly account: string; readonly childcare: boolean
}

/** What a file comes to: tariffs without a fault, and every fault of the others. */
export interface TariffImport { readonly tariffs: readonly ImportedTariff[]; readonly problems: readonly ImportProblem[] }

interface Line {
  readonly line: number; readonly unitId: string; readonly regieId: string; readonly name: string; readonly firstDay: string; readonly lastDay: string | null
  readonly tier: string; readonly from: number; readonly to: number | null; readonly resident: number; readonly other: number; readonly account: string; readonly childcare: boolean
}

/** Reads a file and tells every fault, line by line; a tariff with a faulty line is left out as a whole. */
export function planTariffImport(bytes: Uint8Array, facts: ImportFacts): TariffImport {
  const reading = readCsv(bytes)
  if (!reading.ok) return { tariffs: [], problems: [{ line: reading.line, kind: 'csv' }] }
  const { header, rows } = reading.table
  if (NEEDED.some((name) => !header.includes(name))) return { tariffs: [], problems: [{ line: 1, kind: 'columns' }] }
  if (rows.length === 0 || rows.length > MOST_LINES) return { tariffs: [], problems: [{ line: 1, kind: 'size' }] }
  const problems: ImportProblem[] = []
  const groups = new Map<string, { readonly line: number; readonly lines: (Line | undefined)[] }>()
  for (const { line, cells } of rows) {
    const cell = (name: (typeof COLUMNS)[number]): string => cells[header.indexOf(name)] ?? ''
    const read = readLine(line, cell, facts, problems)
    const key = JSON.stringify([cell('Unité'), cell('Tarif'), cell('Du')])
    const group = groups.get(key) ?? { line, lines: [] }
    group.lines.push(read)
    groups.set(key, group)
  }
  const tariffs: ImportedTariff[] = []
  for (const { line, lines } of groups.values()) {
    const whole = lines.filter((each) => each !== undefined)
    if (whole.length === lines.length) {
      const tariff = tariffOf(line, whole, [...facts.tariffs, ...tariffs], facts, problems)
      if (tariff !== undefined) tariffs.push(tariff)
    }
  }
  return { tariffs, problems: problems.toSorted((a, b) => a.line - b.line) }
}

function readLine(line: number, cell: (name: (typeof COLUMNS)[number]) => string, { units, regies }: ImportFacts, problems: ImportProblem[]): Line | undefined {
  const before = problems.length
  const wrong = (kind: Exclude<ImportProblem, { kind: 'csv' | 'columns' | 'size' | 'fault' }>['kind'], value: string): undefined => { problems.push({ line, kind, value: value.slice(0, 80) }); return undefined }
  const same = (a: string, b: string): boolean => a.toLocaleLowerCase('fr') === b.toLocaleLowerCase('fr')
  const named = units.filter(({ id, name }) => id === cell('Unité') || same(name, cell('Unité')))
  // Two of the same name: only the identifier says which is meant.
  const unit = named.length === 1 ? named[0] : named.find(({ id }) => id === cell('Unité'))
  const regie = regies.find(({ number }) => String(number) === cell('Régie').replace(/^0+/, ''))
  if (unit === undefined) wrong('unit', cell('Unité'))
  if (regie === undefined) wrong('regie', cell('Régie'))
  const name = cell('Tarif')
  if (name === '' || name.length > 100) wrong('name', name)
  const firstDay = parseDay(cell('Du'))
  const lastDay = cell('Au') === '' ? null : parseDay(cell('Au'))
  if (firstDay === undefined) wrong('day', cell('Du'))
  if (lastDay === undefined) wrong('day', cell('Au'))
  if (firstDay !== undefined && lastDay !== undefined && lastDay !== null && lastDay < firstDay) wrong('period', cell('Au'))
  const tier = cell('Tranche')
  if (tier === '' || tier.length > 60) wrong('tier', tier)
  if (!/^\d{1,5}$/.test(cell('QF de'))) wrong('quotient', cell('QF de'))
  if (!/^\d{0,5}$/.test(cell('QF à'))) wrong('quotient', cell('QF à'))
  const amount = (text: string): number | undefined => {
    if (/^[-−–]/.test(text)) return wrong('negative', text)
    const cents = readEuros(text)
    return cents === undefined || cents > MOST_CENTS ? wrong('price', text) : cents
  }
  const resident = amount(cell('Prix'))
  const other = cell('Prix hors commune') === '' ? resident : amount(cell('Prix hors commune'))
  if (cell('Compte').length > 20) wrong('account', cell('Compte'))
  const childcare = cell('Garde').toLocaleLowerCase('fr')
  if (!['', 'oui', 'non'].includes(childcare)) wrong('childcare', cell('Garde'))
  if (problems.length > before || unit === undefined || regie === undefined || firstDay === undefined || lastDay === undefined || resident === undefined || other === undefined) return undefined
  return {
    line, unitId: unit.id, regieId: regie.id, name, firstDay, lastDay, tier, from: Number(cell('QF de')), to: cell('QF à') === '' ? null : Number(cell('QF à')), resident, other,
    account: cell('Compte'), childcare: childcare === 'oui',
  }
}

function tariffOf(line: number, lines: readonly Line[], others: readonly { readonly unitId: string; readonly name: string; readonly firstDay: string; readonly lastDay: string | null }[], facts: ImportFacts, problems: ImportProblem[]): ImportedTariff | undefined {
  const [first] = lines
  if (first === undefined) return undefined
  const before = problems.length
  for (const each of lines) {
    if (each.regieId !== first.regieId || each.lastDay !== first.lastDay || each.account !== first.account || each.childcare !== first.childcare) problems.push({ line: each.line, kind: 'mixed', value: first.name })
  }
  const sorted = lines.toSorted((a, b) => a.from - b.from)
  const rules: TariffRules = {
    tiers: sorted.map(({ tier, from, to }) => ({ name: tier, from, to })), price: { kind: 'fixed', cents: { resident: sorted.map(({ resident }) => resident), other: sorted.map(({ other }) => other) } },
    siblings: [], late: null, unbooked: null, absence: { justified: { percent: 0, days: null }, unjustified: { percent: 10_000, days: null } },
  }
  if (lines.length > 20) problems.push({ line, kind: 'tier', value: first.name })
  for (const fault of tariffFaults(rules)) problems.push({ line, kind: 'fault', fault })
  const { unitId, regieId, name, firstDay, lastDay, account, childcare } = first
  const clash = others.find((other) => other.unitId === unitId && other.firstDay <= (lastDay ?? '9999') && firstDay <= (other.lastDay ?? '9999'))
  if (clash !== undefined) problems.push({ line, kind: 'overlap', value: clash.name })
  if (tariffLock(facts.regies.find(({ id }) => id === regieId)?.billed, undefined, firstDay) !== undefined) problems.push({ line, kind: 'billed', value: firstDay })
  return problems.length > before ? undefined : { unitId, regieId, name, firstDay, lastDay, rules, account, childcare }
}
