/** What becomes of two households that are one family: who is whom, who pays, and what stands in the way. Pure. */
import { foldText } from '@liberacces/sdk'
import { NO_RECORD, type HealthRecord } from '../domain/health-record.ts'
import type { Tables } from '../tables.ts'
import type { Match } from './match.ts'
import { rulesAfterMerge, type RulesOfChild } from './merge-custody.ts'
import type { MergeSide } from './merge-side.ts'

/** What stands in the way. Each has a message `merge.conflict.<code>`. */
export type MergeConflictCode = 'two-accounts' | 'ambiguous-guardian' | 'ambiguous-child' | 'health-differs' | 'payers-differ'
/** What an agent should know before. Each has a message `merge.note.<code>`. */
export type MergeNoteCode = 'address' | 'resident' | 'quotient' | 'class' | 'rights' | 'custody' | 'near-child' | 'near-guardian' | 'sees'
/** About whom. */
export interface MergeConflict { readonly code: MergeConflictCode; readonly name: string }
/** About whom. */
export interface MergeNote { readonly code: MergeNoteCode; readonly name: string }

/** The plan. It can be carried out where there is no conflict. */
export interface MergePlan {
  readonly guardians: readonly Match<Tables['guardian']>[]
  readonly children: readonly Match<Tables['child']>[]
  /** Rules of who pays, by child of the household that goes; those of the one that stays are not touched. */
  readonly rules: readonly RulesOfChild[]
  /** Children in both whose record is the one of the household that goes. */
  readonly healthFrom: readonly string[]
  readonly conflicts: readonly MergeConflict[]
  readonly notes: readonly MergeNote[]
}

const fullName = ({ first_name: first, last_name: last }: { readonly first_name: string; readonly last_name: string }): string => `${first} ${last}`
const nameKey = (person: { readonly first_name: string; readonly last_name: string }): string => foldText(fullName(person))

/** Decides. `stays` keeps its id, its address and what it says of who pays; nothing of `goes` is lost that does not contradict it. */
export function planMerge(stays: MergeSide, goes: MergeSide, records: ReadonlyMap<string, HealthRecord>, today: string): MergePlan {
  const conflicts: MergeConflict[] = []
  const notes: MergeNote[] = []
  const guardians = matched(goes.guardians, stays.guardians, (from, to) => nameKey(from) === nameKey(to) || (from.account_id !== null && from.account_id === to.account_id), (from) => conflicts.push({ code: 'ambiguous-guardian', name: fullName(from) }))
  const children = matched(goes.children, stays.children, (from, to) => nameKey(from) === nameKey(to) && from.birth_day === to.birth_day, (from) => conflicts.push({ code: 'ambiguous-child', name: fullName(from) }))

  for (const { from, to } of guardians) {
    if (to === undefined) {
      if (stays.guardians.some((each) => (from.email !== null && from.email === each.email) || (digits(from.phone) !== '' && digits(from.phone) === digits(each.phone)))) notes.push({ code: 'near-guardian', name: fullName(from) })
      continue
    }
    if (from.account_id !== null && to.account_id !== null && from.account_id !== to.account_id) conflicts.push({ code: 'two-accounts', name: fullName(to) })
    if (from.may_book !== to.may_book || from.may_fetch !== to.may_fetch) notes.push({ code: 'rights', name: fullName(to) })
  }

  const healthFrom: string[] = []
  for (const { from, to } of children) {
    if (to === undefined) {
      // Twins share the day and the last name, so the first name has to be alike too, or all but the day.
      if (stays.children.some((each) => nameKey(each) === nameKey(from) || (each.birth_day === from.birth_day && alike(each.first_name, from.first_name)))) notes.push({ code: 'near-child', name: fullName(from) })
      continue
    }
    const chosen = chooseRecord(records.get(to.id) ?? NO_RECORD, records.get(from.id) ?? NO_RECORD)
    if (chosen === 'conflict') conflicts.push({ code: 'health-differs', name: fullName(to) })
    else if (chosen === 'goes') healthFrom.push(from.id)
    const [ofStays, ofGoes] = [classOn(stays, to.id, today), classOn(goes, from.id, today)]
    if (ofStays !== undefined && ofGoes !== undefined && ofStays !== ofGoes) notes.push({ code: 'class', name: fullName(to) })
  }

  const custody = rulesAfterMerge(stays, goes, guardians, children)
  for (const id of custody.differ) conflicts.push({ code: 'payers-differ', name: fullName(stays.children.find((child) => child.id === id) ?? { first_name: '', last_name: '' }) })
  for (const { childId } of custody.rules) {
    const child = [...stays.children, ...goes.children].find(({ id }) => id === childId)
    if (child !== undefined) notes.push({ code: 'custody', name: fullName(child) })
  }

  // Who has an account reads all that is known of the children of the household: somebody has to want that.
  const [newToStays, newToGoes] = [children.some(({ to }) => to === undefined), stays.children.some(({ id }) => !children.some(({ to }) => to?.id === id))]
  const gaining = [
    ...stays.guardians.filter((each) => newToStays && (each.account_id !== null || guardians.some(({ from, to }) => to?.id === each.id && from.account_id !== null))),
    ...guardians.flatMap(({ from, to }) => (newToGoes && from.account_id !== null ? [to ?? from] : [])),
  ]
  for (const name of new Set(gaining.map(fullName))) notes.push({ code: 'sees', name })

  const place = ({ household: { address, postcode, town } }: MergeSide): string => foldText(`${address} ${postcode} ${town}`)
  if (place(stays) !== place(goes)) notes.push({ code: 'address', name: '' })
  if (stays.household.resident !== goes.household.resident) notes.push({ code: 'resident', name: '' })
  if (goes.quotients.some((row) => stays.quotients.some((other) => overlap(row, other) && other.value !== row.value))) notes.push({ code: 'quotient', name: '' })
  return { guardians, children, rules: custody.rules, healthFrom, conflicts, notes }
}

/** Pairs each with the one that it is. Two that could be, or two who are the same one, are for a person to tell apart. */
function matched<Row extends { readonly id: string }>(from: readonly Row[], to: readonly Row[], isSame: (from: Row, to: Row) => boolean, ambiguous: (from: Row) => void): readonly Match<Row>[] {
  const taken = new Set<string>()
  return from.map((each) => {
    const found = to.filter((other) => isSame(each, other))
    const only = found[0]
    if (found.length > 1 || (only !== undefined && taken.has(only.id))) ambiguous(each)
    if (only !== undefined) taken.add(only.id)
    return { from: each, to: only }
  })
}

/** Which of two health records is kept: the one that says something. Two that say different things are for somebody who may read them. */
function chooseRecord(ofStays: HealthRecord, ofGoes: HealthRecord): 'stays' | 'goes' | 'conflict' {
  if (saysNothing(ofGoes)) return 'stays'
  if (saysNothing(ofStays)) return 'goes'
  if (said(ofStays) !== said(ofGoes)) return 'conflict'
  return ofStays.pai !== undefined && ofStays.pai.protocolId === undefined && ofGoes.pai?.protocolId !== undefined ? 'goes' : 'stays'
}

function saysNothing({ allergens, pai, note, doctor }: HealthRecord): boolean {
  return allergens.length === 0 && pai === undefined && note === undefined && doctor === undefined
}

/** All of a record but the file of the protocol. Where it is shown belongs to it: an allergy that is left out of a list is worse than a question to an agent. */
function said({ allergens, pai, note, doctor, shownOn }: HealthRecord): string {
  return JSON.stringify([allergens.toSorted(), shownOn.toSorted(), note ?? '', doctor ?? '', pai === undefined ? null : [pai.firstDay, pai.lastDay ?? '', pai.treatment ?? '']])
}

function classOn({ schooling }: MergeSide, childId: string, day: string): string | undefined {
  return schooling.find((row) => row.child_id === childId && row.first_day <= day && day <= row.last_day)?.class_id
}

/** Whether two periods have a day in common. */
export function overlap(one: { readonly first_day: string; readonly last_day: string }, other: { readonly first_day: string; readonly last_day: string }): boolean {
  return one.first_day <= other.last_day && other.first_day <= one.last_day
}

function digits(phone: string | null): string {
  return (phone ?? '').replaceAll(/\D/g, '')
}

function alike(one: string, other: string): boolean {
  const [a, b] = [foldText(one), foldText(other)]
  return a === b || a.split(' ')[0] === b.split(' ')[0]
}
