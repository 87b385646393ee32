import type { Manifest } from '@liberacces/sdk/host'
import type { InstallationState } from '../lifecycle/installation-state.ts'
import type { ArchiveIndex } from './archive-folder.ts'
import type { PluginTraces } from './plugin-traces.ts'

/** Personal data that goes, as the plugin declared it. */
export interface PersonalDataGoing {
  readonly table: string
  readonly purpose: Manifest['title']
  readonly basis: string
  readonly retentionDays: number | null
  /** How many rows there are now; each may speak of a person. */
  readonly rows: number
}

/** Another plugin of the tenant that uses what this one gives. */
export interface Dependant {
  readonly pluginId: string
  readonly title: Manifest['title']
  /** Whether it cannot run without. */
  readonly isRequired: boolean
  readonly isOn: boolean
}

/** What a purge would take away, and what it would leave. Nothing is changed by looking. */
export interface RemovalPreview {
  readonly pluginId: string
  readonly title: Manifest['title']
  readonly version: string
  readonly state: InstallationState
  readonly traces: PluginTraces
  readonly personalData: readonly PersonalDataGoing[]
  readonly dependants: readonly Dependant[]
  /** Others outside of the tenant that use what it shares with them, in words. */
  readonly neededElsewhere: readonly string[]
  /** Archives from earlier. */
  readonly archives: readonly ArchiveIndex[]
}

/** Plugins of a tenant that name another one, or a contract of it, among their needs. Pure. */
export function dependantsOf(target: Manifest, others: readonly { readonly manifest: Manifest; readonly isOn: boolean }[]): readonly Dependant[] {
  const given = new Set([target.id, ...target.provides])
  return others.flatMap(({ manifest, isOn }) => {
    const isRequired = Object.keys(manifest.requires).some((need) => given.has(need))
    if (!isRequired && !Object.keys(manifest.optional).some((need) => given.has(need))) return []
    return [{ pluginId: manifest.id, title: manifest.title, isRequired, isOn }]
  })
}

/** Personal data of a plugin, with the number of rows there are. Pure. */
export function personalDataOf(manifest: Manifest, { content }: PluginTraces): readonly PersonalDataGoing[] {
  return manifest.stores.map(({ table, purpose, basis, retentionDays }) => ({ table, purpose, basis, retentionDays, rows: content.tables.find((one) => one.table === table)?.rows ?? 0 }))
}
