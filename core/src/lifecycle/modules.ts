import type { Localized } from '@liberacces/sdk'
import type { RegisteredContribution } from '@liberacces/sdk/host'
import { Subscriptions } from '../events/subscriptions.ts'
import type { LoadedRelease } from '../runtime/release.ts'

/** A contribution and who made it. */
export interface OwnedContribution extends RegisteredContribution {
  readonly release: LoadedRelease
  /** Unique within its slot, and stable over restarts: plugin id and position. */
  readonly key: string
}

/** A permission as a plugin declared it, under its full name. */
export interface DeclaredPermission {
  readonly permission: string
  readonly pluginId: string
  readonly title: Localized
  readonly roles: readonly string[]
}

/**
 * What a set of active releases gives a tenant, indexed. Tenants that run the same releases share one of these, so that
 * tens of thousands of communes cost no more memory than their differences.
 */
export interface Modules {
  /** Providers before those who need them. */
  readonly releases: readonly LoadedRelease[]
  readonly byId: ReadonlyMap<string, LoadedRelease>
  readonly byPath: ReadonlyMap<string, LoadedRelease>
  /** Contract id to its provider. */
  readonly providers: ReadonlyMap<string, LoadedRelease>
  /** Event type to its handlers. */
  readonly subscriptions: Subscriptions
  /** Slot id to its contributions, in their order. */
  readonly contributions: ReadonlyMap<string, readonly OwnedContribution[]>
  readonly permissions: readonly DeclaredPermission[]
  /** Titles of the roles that plugins name, by id. */
  readonly roleTitles: ReadonlyMap<string, Localized>
}

/** Indexes a set of releases. Pure. */
export function modulesOf(releases: readonly LoadedRelease[]): Modules {
  return {
    releases,
    byId: new Map(releases.map((release) => [release.manifest.id, release])),
    byPath: new Map(releases.map((release) => [release.manifest.path, release])),
    providers: new Map(releases.flatMap((release) => release.manifest.provides.map((contract) => [contract, release] as const))),
    subscriptions: new Subscriptions(releases),
    contributions: grouped(releases
      .flatMap((release) => release.registrations.contributions.map((contribution, index) => ({ ...contribution, release, key: `${release.manifest.id}.${index}` })))
      .sort((a, b) => a.order - b.order)
      .map((contribution) => [contribution.slot.id, contribution] as const)),
    permissions: releases.flatMap((release) =>
      Object.entries(release.manifest.permissions).map(([name, { title, roles }]) => ({ permission: `${release.manifest.id}/${name}`, pluginId: release.manifest.id, title: localized(title), roles }))),
    roleTitles: new Map(releases.flatMap((release) => Object.entries(release.manifest.roles).map(([id, title]) => [id, localized(title)] as const))),
  }
}

function localized(text: { fr: string; en?: string | undefined }): Localized {
  return text.en === undefined ? { fr: text.fr } : { fr: text.fr, en: text.en }
}

function grouped<Value>(pairs: readonly (readonly [string, Value])[]): ReadonlyMap<string, readonly Value[]> {
  const groups = new Map<string, Value[]>()
  for (const [key, value] of pairs) {
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}
