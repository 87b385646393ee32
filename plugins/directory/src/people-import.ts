import { isDeepStrictEqual } from 'node:util'
import { foldText } from '@liberacces/sdk'
import type { Problem } from './checked.ts'
import { parseEmail } from './contact.ts'
import { readCsv, type CsvRow } from '@liberacces/sdk/csv'
import { checkMandate, type Mandate } from './mandate.ts'
import { KIND_WORDS, OFFICE_WORDS, PEOPLE_COLUMNS, wordMeaning, type PeopleColumn } from './people-csv.ts'
import { checkPerson, type Person } from './person.ts'

/** Most people one file may bring. */
const MAX_IMPORTED_PEOPLE = 2000

/** What is there before an import. */
export interface ImportSituation {
  readonly people: readonly KnownPerson[]
  readonly services: readonly { readonly id: string; readonly name: string }[]
}

/** A person who is there before an import. */
export interface KnownPerson {
  readonly id: string
  readonly person: Person
  readonly mandates: readonly (Mandate & { readonly id: string })[]
}

/** One thing that is wrong with a file. */
export interface ImportProblem {
  /** Line of the file, from 1. */
  readonly line: number
  /** Heading of the column, or the empty text where the whole line is meant. */
  readonly column: string
  readonly problem: ImportProblemCode
}

/** What can be wrong with a line or with the file. Their texts are the messages `problem.<code>`. */
type ImportProblemCode = Problem | 'csv-syntax' | 'missing-column' | 'unknown-column' | 'empty-file' | 'too-many-lines'

/** One person's part of a plan. Without `id` the person, or the mandate, is new. */
export interface PersonChange {
  readonly id: string | undefined
  readonly person: Person
  readonly mandate: { readonly id: string | undefined; readonly value: Mandate } | undefined
}

/** What an import would do, or everything that keeps it from doing anything. */
export type ImportPlan =
  | { readonly ok: true; readonly changes: readonly PersonChange[]; readonly unchanged: number }
  | { readonly ok: false; readonly problems: readonly ImportProblem[] }

/**
 * Decides what a file of people changes; nothing is stored here. People are recognised by `Identifiant`, else by e-mail
 * address. A column that the file does not have leaves what is there; an empty cell empties it.
 */
export function planPeopleImport(bytes: Uint8Array, situation: ImportSituation): ImportPlan {
  const reading = readCsv(bytes)
  if (!reading.ok) return refuse(reading.line, '', 'csv-syntax')
  const { header, rows } = reading.table
  const { columns, problems } = readHeader(header)
  if (problems.length > 0) return { ok: false, problems }
  if (rows.length === 0) return refuse(1, '', 'empty-file')
  if (rows.length > MAX_IMPORTED_PEOPLE) return refuse(MAX_IMPORTED_PEOPLE + 2, '', 'too-many-lines')
  const lines = new LineReader(columns, situation)
  const read = rows.map((row) => lines.read(row)).filter((change) => change !== undefined)
  if (lines.problems.length > 0) return { ok: false, problems: lines.problems }
  const known = new Map(situation.people.map((person) => [person.id, person]))
  const changes = read.filter((change) => !isUnchanged(change, known.get(change.id ?? '')))
  return { ok: true, changes, unchanged: read.length - changes.length }
}

function isUnchanged({ person, mandate }: PersonChange, known: KnownPerson | undefined): boolean {
  if (known === undefined || !isDeepStrictEqual(person, known.person)) return false
  if (mandate === undefined) return true
  const same = known.mandates.find(({ id }) => id === mandate.id)
  const { office, title, rank, startsOn, lastDay } = same ?? {}
  return same !== undefined && isDeepStrictEqual(mandate.value, { office, title, rank, startsOn, lastDay })
}

function refuse(line: number, column: string, problem: ImportProblemCode): ImportPlan {
  return { ok: false, problems: [{ line, column, problem }] }
}

function readHeader(header: readonly string[]): { columns: ReadonlyMap<PeopleColumn, number>; problems: readonly ImportProblem[] } {
  const columns = new Map<PeopleColumn, number>()
  const problems: ImportProblem[] = []
  const names = Object.keys(PEOPLE_COLUMNS) as PeopleColumn[]
  for (const [index, heading] of header.entries()) {
    if (heading === '') continue
    const column = names.find((name) => foldText(PEOPLE_COLUMNS[name]) === foldText(heading))
    // What the file says of its own columns is shown back, so it is cut to a readable length.
    if (column === undefined) problems.push({ line: 1, column: heading.slice(0, 80), problem: 'unknown-column' })
    else if (columns.has(column)) problems.push({ line: 1, column: PEOPLE_COLUMNS[column], problem: 'twice-in-file' })
    else columns.set(column, index)
  }
  for (const needed of ['kind', 'lastName', 'firstName'] as const) {
    if (!columns.has(needed)) problems.push({ line: 1, column: PEOPLE_COLUMNS[needed], problem: 'missing-column' })
  }
  return { columns, problems }
}

/** Reads lines one after the other, remembering whom it met and what was wrong. */
class LineReader {
  readonly problems: ImportProblem[] = []
  readonly #columns: ReadonlyMap<PeopleColumn, number>
  readonly #byId: ReadonlyMap<string, KnownPerson>
  readonly #byEmail: ReadonlyMap<string, KnownPerson>
  readonly #names: ReadonlySet<string>
  readonly #services: ReadonlyMap<string, string>
  readonly #met = new Set<string>()

  constructor(columns: ReadonlyMap<PeopleColumn, number>, { people, services }: ImportSituation) {
    this.#columns = columns
    this.#byId = new Map(people.map((known) => [known.id, known]))
    this.#byEmail = new Map(people.flatMap((known) => (known.person.email === undefined ? [] : [[known.person.email, known] as const])))
    this.#names = new Set(people.map(({ person }) => foldText(`${person.firstName} ${person.lastName}`)))
    this.#services = new Map(services.map(({ id, name }) => [foldText(name), id]))
  }

  read(row: CsvRow): PersonChange | undefined {
    const before = this.problems.length
    const wrong = (column: PeopleColumn | undefined, problem: ImportProblemCode): void => {
      this.problems.push({ line: row.line, column: column === undefined ? '' : PEOPLE_COLUMNS[column], problem })
    }
    const cell = (column: PeopleColumn): string | undefined => {
      const index = this.#columns.get(column)
      return index === undefined ? undefined : (row.cells[index] ?? '')
    }
    const known = this.#recognise(cell('id') ?? '', cell('email') ?? '', wrong)
    const draft = this.#draft(cell, known?.person, wrong)
    const result = checkPerson(draft)
    if (!result.ok) for (const [field, problem] of Object.entries(result.problems)) wrong(field as PeopleColumn, problem)
    const mandate = this.#mandate(cell, draft.kind === 'elected', known?.mandates ?? [], wrong)
    if (result.ok) this.#meet(known, result.value, wrong)
    return result.ok && this.problems.length === before ? { id: known?.id, person: result.value, mandate } : undefined
  }

  #recognise(id: string, email: string, wrong: (column: PeopleColumn, problem: ImportProblemCode) => void): KnownPerson | undefined {
    if (id === '') return this.#byEmail.get(parseEmail(email) ?? '')
    const known = this.#byId.get(id)
    if (known === undefined) wrong('id', 'unknown-id')
    return known
  }

  #draft(cell: (column: PeopleColumn) => string | undefined, known: Person | undefined, wrong: (column: PeopleColumn, problem: ImportProblemCode) => void): Parameters<typeof checkPerson>[0] {
    const yesNo = (column: PeopleColumn, otherwise: boolean): boolean => {
      const word = foldText(cell(column) ?? '')
      if (word === '') return otherwise
      if (['oui', 'o', 'x', '1', 'vrai'].includes(word)) return true
      if (!['non', 'n', '0', 'faux'].includes(word)) wrong(column, 'yes-no')
      return false
    }
    const kind = wordMeaning(KIND_WORDS, cell('kind') ?? '')
    if (kind === undefined) wrong('kind', 'kind')
    const service = cell('service')
    const serviceId = service === undefined ? known?.serviceId : this.#services.get(foldText(service))
    if (service !== undefined && service !== '' && serviceId === undefined) wrong('service', 'unknown-service')
    return {
      kind: kind ?? 'agent',
      firstName: cell('firstName') ?? '',
      lastName: cell('lastName') ?? '',
      role: cell('role') ?? known?.role ?? '',
      serviceId,
      email: cell('email') ?? known?.email ?? '',
      emailPublic: yesNo('emailPublic', known?.emailPublic ?? false),
      phone: cell('phone') ?? known?.phone ?? '',
      phonePublic: yesNo('phonePublic', known?.phonePublic ?? false),
      internalPhone: cell('internalPhone') ?? known?.internalPhone ?? '',
      room: cell('room') ?? known?.room ?? '',
      accountId: known?.accountId ?? '',
      listed: yesNo('listed', known?.listed ?? true),
    }
  }

  #mandate(
    cell: (column: PeopleColumn) => string | undefined,
    elected: boolean,
    mandates: KnownPerson['mandates'],
    wrong: (column: PeopleColumn, problem: ImportProblemCode) => void,
  ): PersonChange['mandate'] {
    const [officeWord = '', title = '', rank = '', startsOn = '', lastDay = ''] =
      (['mandateOffice', 'mandateTitle', 'mandateRank', 'startsOn', 'lastDay'] as const).map(cell)
    if ([officeWord, title, rank, startsOn, lastDay].every((value) => value === '')) return undefined
    // A former élu who became an agent comes back from an export with the mandate; a new one for an agent is a mistake.
    if (!elected && mandates.length === 0) {
      wrong('mandateOffice', 'mandate-of-agent')
      return undefined
    }
    const office = wordMeaning(OFFICE_WORDS, officeWord)
    if (office === undefined) {
      wrong('mandateOffice', officeWord === '' ? 'required' : 'office')
      return undefined
    }
    const draft = { office, title: title === '' ? officeWord : title, rank: rank === '' ? undefined : Number(rank), startsOn, lastDay }
    const alone = checkMandate(draft, [])
    const same = alone.ok ? mandates.find((mandate) => mandate.office === office && mandate.startsOn === alone.value.startsOn) : undefined
    const result = checkMandate(draft, mandates.filter((mandate) => mandate !== same))
    if (result.ok) return { id: same?.id, value: result.value }
    const columnOf = { title: 'mandateTitle', rank: 'mandateRank', startsOn: 'startsOn', lastDay: 'lastDay' } as const
    for (const [field, problem] of Object.entries(result.problems)) wrong(columnOf[field as keyof typeof columnOf], problem)
    return undefined
  }

  /** Nobody may be meant by two lines, and nobody who cannot be recognised may be doubled by a second import. */
  #meet(known: KnownPerson | undefined, person: Person, wrong: (column: PeopleColumn | undefined, problem: ImportProblemCode) => void): void {
    const name = foldText(`${person.firstName} ${person.lastName}`)
    const holder = person.email === undefined ? undefined : this.#byEmail.get(person.email)
    if (holder !== undefined && holder !== known) wrong('email', 'email-taken')
    if (known === undefined && person.email === undefined && this.#names.has(name)) wrong(undefined, 'namesake')
    const marks = [
      ...(known === undefined ? [] : [`id ${known.id}`]),
      ...(person.email === undefined ? [] : [`email ${person.email}`]),
      ...(known === undefined && person.email === undefined ? [`name ${name}`] : []),
    ]
    if (marks.some((mark) => this.#met.has(mark))) wrong(undefined, 'twice-in-file')
    for (const mark of marks) this.#met.add(mark)
  }
}
