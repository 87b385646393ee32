import type { Manifest } from '@liberacces/sdk/host'

type Text = Manifest['title']
type Store = Manifest['stores'][number]

/** One thing that is otherwise in another release. */
export type Difference =
  | { readonly about: 'scope'; readonly change: 'added' | 'removed' | 'required' | 'optional'; readonly scope: string; /** What is missing without it; left out where it is required. */ readonly without?: Text }
  | { readonly about: 'permission'; readonly change: 'added' | 'removed'; readonly permission: string; readonly title: Text; /** Roles that hold it by default. */ readonly roles: readonly string[] }
  | { readonly about: 'personal-data'; readonly change: 'added' | 'changed' | 'removed'; readonly store: Store; /** As it was declared before. */ readonly before?: Store }
  | { readonly about: 'need'; readonly change: 'added' | 'removed' | 'changed'; readonly id: string; readonly range: string; readonly isOptional: boolean }

/**
 * What a release asks for and brings that another does not: scopes, permissions of people, personal data, other plugins. Pure.
 * @param from - the release that runs; `undefined` for a plugin that is new here, whose every wish is then an addition
 */
export function releaseDifference(from: Manifest | undefined, to: Manifest): readonly Difference[] {
  return [...scopeDifference(from, to), ...permissionDifference(from, to), ...personalDataDifference(from, to), ...needDifference(from, to)]
}

/** Whether one release asks for more than another; then a tenant's administrator is asked before it runs there. */
export function asksForMore(from: Manifest, to: Manifest): boolean {
  return scopeDifference(from, to).some(({ change }) => change === 'added' || change === 'required')
}

type ScopeDifference = Extract<Difference, { about: 'scope' }>

function scopeDifference(from: Manifest | undefined, to: Manifest): readonly ScopeDifference[] {
  const optionalBefore = from?.optionalScopes ?? {}
  const optional = to.optionalScopes ?? {}
  const before = [...(from?.scopes ?? []), ...Object.keys(optionalBefore)]
  const now = [...to.scopes, ...Object.keys(optional)]
  return [
    ...to.scopes.flatMap((scope): readonly ScopeDifference[] => {
      if (!before.includes(scope)) return [{ about: 'scope', change: 'added', scope }]
      return Object.hasOwn(optionalBefore, scope) ? [{ about: 'scope', change: 'required', scope }] : []
    }),
    ...Object.entries(optional).flatMap(([scope, without]): readonly ScopeDifference[] => {
      if (!before.includes(scope)) return [{ about: 'scope', change: 'added', scope, without }]
      return Object.hasOwn(optionalBefore, scope) ? [] : [{ about: 'scope', change: 'optional', scope, without }]
    }),
    ...before.filter((scope) => !now.includes(scope)).map((scope) => ({ about: 'scope', change: 'removed', scope }) as const),
  ]
}

function permissionDifference(from: Manifest | undefined, to: Manifest): readonly Difference[] {
  const line = (change: 'added' | 'removed') => ([permission, { title, roles }]: [string, Manifest['permissions'][string]]) => ({ about: 'permission', change, permission, title, roles }) as const
  return [...lacking(to.permissions, from?.permissions).map(line('added')), ...lacking(from?.permissions, to.permissions).map(line('removed'))]
}

function personalDataDifference(from: Manifest | undefined, to: Manifest): readonly Difference[] {
  const before = new Map((from?.stores ?? []).map((store) => [store.table, store]))
  const now = new Set(to.stores.map(({ table }) => table))
  return [
    ...to.stores.flatMap((store): readonly Difference[] => {
      const known = before.get(store.table)
      if (known === undefined) return [{ about: 'personal-data', change: 'added', store }]
      const same = known.basis === store.basis && known.retentionDays === store.retentionDays && known.purpose.fr === store.purpose.fr && known.purpose.en === store.purpose.en
      return same ? [] : [{ about: 'personal-data', change: 'changed', store, before: known }]
    }),
    ...[...before.values()].filter(({ table }) => !now.has(table)).map((store) => ({ about: 'personal-data', change: 'removed', store }) as const),
  ]
}

function needDifference(from: Manifest | undefined, to: Manifest): readonly Difference[] {
  return ([false, true] as const).flatMap((isOptional): readonly Difference[] => {
    const before = (isOptional ? from?.optional : from?.requires) ?? {}
    const now = isOptional ? to.optional : to.requires
    return [
      ...lacking(now, before).map(([id, range]) => ({ about: 'need', change: 'added', id, range, isOptional }) as const),
      ...Object.entries(now).filter(([id, range]) => Object.hasOwn(before, id) && before[id] !== range).map(([id, range]) => ({ about: 'need', change: 'changed', id, range, isOptional }) as const),
      ...lacking(before, now).map(([id, range]) => ({ about: 'need', change: 'removed', id, range, isOptional }) as const),
    ]
  })
}

/** Entries of one record whose key another lacks. */
function lacking<Value>(these: Readonly<Record<string, Value>> = {}, those: Readonly<Record<string, Value>> = {}): [string, Value][] {
  return Object.entries(these).filter(([key]) => !Object.hasOwn(those, key))
}
