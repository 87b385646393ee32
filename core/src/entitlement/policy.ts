import { QUOTA_KINDS, type QuotaKind } from './quota-kind.ts'

/** Which plugins a tenant may use, as far as those above it may. */
export type PluginRule =
  | { readonly kind: 'all' }
  | { readonly kind: 'all-but'; readonly plugins: ReadonlySet<string> }
  | { readonly kind: 'only'; readonly plugins: ReadonlySet<string> }

/** Most of each kind that a tenant, and each one below it, may use. What is missing is not limited here. */
export type Quotas = Readonly<Partial<Record<QuotaKind, number>>>

/** What was decided for one tenant itself. What holds for it is this and what was decided for each one above it. */
export interface Policy {
  readonly plugins: PluginRule
  readonly quotas: Quotas
}

/** Of whom nothing was decided: whatever those above it may. */
export const UNRESTRICTED: Policy = Object.freeze({ plugins: Object.freeze({ kind: 'all' }), quotas: Object.freeze({}) })

/** Whether a rule by itself lets a plugin be used. */
export function allows(rule: PluginRule, pluginId: string): boolean {
  switch (rule.kind) {
    case 'all': return true
    case 'all-but': return !rule.plugins.has(pluginId)
    case 'only': return rule.plugins.has(pluginId)
    default: return rule satisfies never
  }
}

/** The rule with these plugins let in. Pure. */
export function granting(rule: PluginRule, pluginIds: readonly string[]): PluginRule {
  switch (rule.kind) {
    case 'all': return rule
    case 'all-but': {
      const left = rule.plugins.difference(new Set(pluginIds))
      return left.size === 0 ? UNRESTRICTED.plugins : { kind: 'all-but', plugins: left }
    }
    case 'only': return { kind: 'only', plugins: rule.plugins.union(new Set(pluginIds)) }
    default: return rule satisfies never
  }
}

/** The rule with these plugins kept out. Pure. */
export function revoking(rule: PluginRule, pluginIds: readonly string[]): PluginRule {
  switch (rule.kind) {
    case 'all': return pluginIds.length === 0 ? rule : { kind: 'all-but', plugins: new Set(pluginIds) }
    case 'all-but': return { kind: 'all-but', plugins: rule.plugins.union(new Set(pluginIds)) }
    case 'only': return { kind: 'only', plugins: rule.plugins.difference(new Set(pluginIds)) }
    default: return rule satisfies never
  }
}

/** One text for equal policies: what is stored, and what finds the one object that equal policies share. */
export function policyText({ plugins, quotas }: Policy): string {
  return JSON.stringify({
    plugins: plugins.kind === 'all' ? ['all'] : [plugins.kind, ...[...plugins.plugins].toSorted()],
    quotas: QUOTA_KINDS.flatMap((kind) => (quotas[kind] === undefined ? [] : [[kind, quotas[kind]]])),
  })
}

/**
 * A policy from {@link policyText}.
 * @throws SyntaxError for text that it did not write
 */
export function policyFrom(text: string): Policy {
  const { plugins: [kind, ...ids], quotas } = JSON.parse(text) as { readonly plugins: readonly [PluginRule['kind'], ...string[]]; readonly quotas: readonly (readonly [QuotaKind, number])[] }
  if (kind !== 'all' && kind !== 'all-but' && kind !== 'only') throw new SyntaxError(`This is no policy: ${text}`)
  return Object.freeze({
    plugins: kind === 'all' ? UNRESTRICTED.plugins : Object.freeze({ kind, plugins: new Set(ids) }),
    quotas: Object.freeze(Object.fromEntries(quotas)),
  })
}
