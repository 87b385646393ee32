/** What a family fills in to be registered, step by step. Pure; it is kept sealed, for it says something of health. */
import type { HealthRecord } from '../domain/health-record.ts'
import type { Level } from '../domain/school-year.ts'
import type { GuardianInput } from '../store/households.ts'
import type { DocumentKind } from '../tables.ts'

/** A child to be registered. */
export interface DraftChild {
  readonly firstName: string
  readonly lastName: string
  readonly birthDay: string
  readonly level: Level
  readonly health?: HealthRecord | undefined
  readonly documents: readonly { readonly kind: DocumentKind; readonly validUntil?: string | undefined; readonly fileId: string; readonly fileName: string }[]
}

/** A request as far as it is filled in. */
export interface Draft {
  readonly household?: { readonly address: string; readonly postcode: string; readonly town: string } | undefined
  readonly guardians: readonly Omit<GuardianInput, 'accountId'>[]
  readonly children: readonly DraftChild[]
}

/** Nothing yet. */
export const EMPTY_DRAFT: Draft = { guardians: [], children: [] }

/** Most guardians and children of one request. */
export const MOST_GUARDIANS = 4
/** See {@link MOST_GUARDIANS}. */
export const MOST_CHILDREN = 12

/** The steps, in their order. `health` and `documents` are about each child. Each has a message `step.<name>`. */
export const STEPS = ['household', 'guardians', 'children', 'health', 'documents', 'recap'] as const
/** One of them. */
export type Step = (typeof STEPS)[number]

/** The first step that is not filled in as far as it must be; documents may come later. */
export function nextStep(draft: Draft): Step {
  if (draft.household === undefined) return 'household'
  if (draft.guardians.length === 0) return 'guardians'
  if (draft.children.length === 0) return 'children'
  if (draft.children.some(({ health }) => health === undefined)) return 'health'
  if (draft.children.some(({ documents }) => documents.length === 0)) return 'documents'
  return 'recap'
}

/** Whether it can be sent: every child's health record was looked at, even if there is nothing to say. */
export function isComplete(draft: Draft): boolean {
  return draft.household !== undefined && draft.guardians.length > 0 && draft.children.length > 0 && draft.children.every(({ health }) => health !== undefined)
}

/** The list with one thing at a place, or after the last. */
export function placed<Item>(list: readonly Item[], index: number, item: Item): readonly Item[] {
  return index >= list.length ? [...list, item] : list.map((each, place) => (place === index ? item : each))
}

/** All files of a request. */
export function filesOf(draft: Draft): readonly string[] {
  return draft.children.flatMap(({ documents, health }) => [...documents.map(({ fileId }) => fileId), ...(health?.pai?.protocolId === undefined ? [] : [health.pai.protocolId])])
}
