import { ageOn, foldText, parseDay } from '@liberacces/sdk'
import type { GuardianInput, HouseholdInput } from '../store/households.ts'
import { COLUMNS, NEEDED, type Column } from './columns.ts'
import { readCsv, type CsvRow } from '@liberacces/sdk/csv'

/** Most lines of one file. */
const MOST_LINES = 1_500
/** Children are at most so old, in years. */
const OLDEST = 18
/** Of several lines, and longer than other cells. */
const ADDRESSES: readonly Column[] = ['address', 'guardianAddress', 'secondAddress']

/** What is there before an import. */
export interface ImportSituation {
  readonly today: string
  readonly classes: readonly { readonly id: string; readonly name: string; readonly schoolName: string }[]
  readonly children: readonly { readonly firstName: string; readonly lastName: string; readonly birthDay: string }[]
}

/** What can be wrong with a line or the file. Each has a message `problem.<code>`. */
export type ImportProblemCode =
  | 'csv-syntax' | 'empty-file' | 'too-many-lines' | 'unknown-column' | 'missing-column' | 'twice-in-file'
  | 'required' | 'too-long' | 'day' | 'future' | 'too-old' | 'unknown-school' | 'unknown-class' | 'known-child' | 'email' | 'phone' | 'postcode' | 'whole-address' | 'yes-no' | 'quotient' | 'month'

/** One thing that is wrong. */
export interface ImportProblem {
  /** Line of the file, from 1. */
  readonly line: number
  /** Heading of the column; empty where the whole line is meant. */
  readonly column: string
  readonly problem: ImportProblemCode
}

/** A child of the file. */
export interface ImportedChild { readonly firstName: string; readonly lastName: string; readonly birthDay: string; readonly classId: string | undefined }

/** A household of the file: what its first line says, and the children of all its lines. */
export interface ImportedHousehold {
  readonly household: HouseholdInput
  readonly guardians: readonly GuardianInput[]
  readonly children: ImportedChild[]
  readonly quotient: { readonly value: number; readonly month: string } | undefined
}

/** What a file would bring: everything that is right, and everything that is wrong. Which of the two counts is the caller's choice. */
export interface ImportPlan { readonly households: readonly ImportedHousehold[]; readonly problems: readonly ImportProblem[] }

/** Decides what a file of children brings; nothing is stored here. A line with a fault brings nothing. */
export function planChildrenImport(bytes: Uint8Array, situation: ImportSituation): ImportPlan {
  const refuse = (line: number, problem: ImportProblemCode): ImportPlan => ({ households: [], problems: [{ line, column: '', problem }] })
  const reading = readCsv(bytes)
  if (!reading.ok) return refuse(reading.line, 'csv-syntax')
  const { header, rows } = reading.table
  const { columns, problems } = readHeader(header)
  if (problems.length > 0) return { households: [], problems }
  if (rows.length === 0) return refuse(1, 'empty-file')
  if (rows.length > MOST_LINES) return refuse(MOST_LINES + 2, 'too-many-lines')
  const reader = new LineReader(columns, situation)
  for (const row of rows) reader.read(row)
  return { households: [...reader.households.values()], problems: reader.problems }
}

function readHeader(header: readonly string[]): { readonly columns: ReadonlyMap<Column, number>; readonly problems: readonly ImportProblem[] } {
  const columns = new Map<Column, number>()
  const problems: ImportProblem[] = []
  for (const [index, heading] of header.entries()) {
    if (heading === '') continue
    const column = (Object.keys(COLUMNS) as Column[]).find((name) => foldText(COLUMNS[name]) === foldText(heading))
    if (column === undefined) problems.push({ line: 1, column: heading.slice(0, 80), problem: 'unknown-column' })
    else if (columns.has(column)) problems.push({ line: 1, column: COLUMNS[column], problem: 'twice-in-file' })
    else columns.set(column, index)
  }
  for (const column of NEEDED) if (!columns.has(column)) problems.push({ line: 1, column: COLUMNS[column], problem: 'missing-column' })
  return { columns, problems }
}

class LineReader {
  readonly households = new Map<string, ImportedHousehold>()
  readonly problems: ImportProblem[] = []
  readonly #columns: ReadonlyMap<Column, number>
  readonly #situation: ImportSituation
  readonly #known: Set<string>

  constructor(columns: ReadonlyMap<Column, number>, situation: ImportSituation) {
    this.#columns = columns
    this.#situation = situation
    this.#known = new Set(situation.children.map(childKey))
  }

  read(row: CsvRow): void {
    const before = this.problems.length
    const cell = (column: Column): string => row.cells[this.#columns.get(column) ?? -1] ?? ''
    const wrong = (column: Column | undefined, problem: ImportProblemCode): void => { this.problems.push({ line: row.line, column: column === undefined ? '' : COLUMNS[column], problem }) }
    for (const column of NEEDED) if (cell(column) === '') wrong(column, 'required')
    for (const column of Object.keys(COLUMNS) as Column[]) if (cell(column).length > (ADDRESSES.includes(column) ? 300 : 120)) wrong(column, 'too-long')
    const child = this.#child(cell, wrong)
    const household = this.#household(cell, wrong)
    if (this.problems.length > before || child === undefined) return
    this.#known.add(childKey(child))
    const found = this.households.get(foldText(cell('household')))
    if (found === undefined) this.households.set(foldText(cell('household')), { ...household, children: [child] })
    else found.children.push(child)
  }

  #child(cell: (column: Column) => string, wrong: (column: Column | undefined, problem: ImportProblemCode) => void): ImportedChild | undefined {
    const birthDay = parseDay(cell('birthDay'))
    if (birthDay === undefined) {
      if (cell('birthDay') !== '') wrong('birthDay', 'day')
      return undefined
    }
    if (birthDay > this.#situation.today) wrong('birthDay', 'future')
    else if (ageOn(birthDay, this.#situation.today) > OLDEST) wrong('birthDay', 'too-old')
    const child = { firstName: cell('firstName'), lastName: cell('lastName'), birthDay, classId: this.#class(cell('school'), cell('className'), wrong) }
    if (this.#known.has(childKey(child))) wrong(undefined, 'known-child')
    return child
  }

  #class(school: string, name: string, wrong: (column: Column, problem: ImportProblemCode) => void): string | undefined {
    if (school === '' && name === '') return undefined
    const here = this.#situation.classes.filter(({ schoolName }) => foldText(schoolName) === foldText(school))
    if (here.length === 0) {
      wrong('school', 'unknown-school')
      return undefined
    }
    const found = here.find((each) => foldText(each.name) === foldText(name))
    if (found === undefined) wrong('className', 'unknown-class')
    return found?.id
  }

  #household(cell: (column: Column) => string, wrong: (column: Column, problem: ImportProblemCode) => void): Omit<ImportedHousehold, 'children'> {
    const word = foldText(cell('resident'))
    if (!['', 'oui', 'o', 'x', '1', 'non', 'n', '0'].includes(word)) wrong('resident', 'yes-no')
    if (cell('postcode') !== '' && !/^\d{5}$/.test(cell('postcode'))) wrong('postcode', 'postcode')
    const guardian = (part: 'guardian' | 'second'): GuardianInput => {
      const [email, phone] = [cell(`${part}Email`), cell(`${part}Phone`)]
      if (email !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) wrong(`${part}Email`, 'email')
      if (phone !== '' && !/^\+?[\d .()-]{6,30}$/.test(phone)) wrong(`${part}Phone`, 'phone')
      const [address, postcode, town] = [cell(`${part}Address`), cell(`${part}Postcode`), cell(`${part}Town`)]
      if (postcode !== '' && !/^\d{5}$/.test(postcode)) wrong(`${part}Postcode`, 'postcode')
      // A bill needs all three, or goes to the household.
      const lacking = address === '' ? `${part}Address` as const : postcode === '' ? `${part}Postcode` as const : town === '' ? `${part}Town` as const : undefined
      if (lacking !== undefined && `${address}${postcode}${town}` !== '') wrong(lacking, 'whole-address')
      return { ...(address === '' ? {} : { address, postcode, town }), firstName: cell(`${part}FirstName`), lastName: cell(`${part}LastName`), mayBook: true, mayFetch: true, ...(email === '' ? {} : { email }), ...(phone === '' ? {} : { phone }) }
    }
    const second = cell('secondLastName') === '' && cell('secondFirstName') === '' ? [] : [guardian('second')]
    if (second.some(({ firstName, lastName }) => firstName === '' || lastName === '')) wrong(second[0]?.lastName === '' ? 'secondLastName' : 'secondFirstName', 'required')
    return {
      household: { address: cell('address'), postcode: cell('postcode'), town: cell('town'), resident: !['non', 'n', '0'].includes(word) },
      guardians: [guardian('guardian'), ...second], quotient: this.#quotient(cell, wrong),
    }
  }

  /** 0 is a quotient: of a family without means, who must not pay the highest tariff for it. */
  #quotient(cell: (column: Column) => string, wrong: (column: Column, problem: ImportProblemCode) => void): ImportedHousehold['quotient'] {
    if (cell('quotient') === '') return undefined
    if (!/^\d{1,6}$/.test(cell('quotient'))) wrong('quotient', 'quotient')
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(cell('quotientMonth'))) wrong('quotientMonth', 'month')
    return { value: Number(cell('quotient')), month: cell('quotientMonth') }
  }
}

function childKey({ firstName, lastName, birthDay }: { readonly firstName: string; readonly lastName: string; readonly birthDay: string }): string {
  return `${foldText(`${firstName} ${lastName}`)} ${birthDay}`
}
