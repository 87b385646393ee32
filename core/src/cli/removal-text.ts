import { keptFor } from '../consent/difference-text.ts'
import { textIn } from '../localized-text.ts'
import { bytesOf, type Purged } from '../removal/purge.ts'
import type { RemovalPreview } from '../removal/removal-preview.ts'
import { TRACE_KINDS, type TraceCounts } from '../removal/plugin-traces.ts'
import { textTable } from './text-table.ts'

const WORDS: Readonly<Record<keyof TraceCounts, string>> = {
  databases: 'files of the database', rows: 'rows in its tables', files: 'stored files', permissions: 'decisions about its permissions', roles: 'people in roles that it alone names',
  jobs: 'scheduled jobs', settings: 'settings', subscriptions: 'deliveries to it, kept with other plugins', layouts: 'places of its tiles', consents: 'decisions about its scopes',
  snapshots: 'snapshots and their files', bookkeeping: 'other rows of the platform',
}

/** How many there are of each kind. */
export function countsText(counts: TraceCounts): string {
  return textTable(['kind', 'count', 'what'], TRACE_KINDS.map((kind) => [kind, counts[kind], WORDS[kind]]), '')
}

/** What a purge would take away. */
export function previewText({ pluginId, version, state, title, traces, personalData, dependants, neededElsewhere, archives }: RemovalPreview, tenant: string): string {
  const { content, disk, deliveries, counts, roles } = traces
  const lines = [`${pluginId} ${version} (${textIn('en', title)}) at ${tenant} is ${state}. A purge archives this and then deletes it:`, '', countsText(counts)]
  if (content.tables.length > 0) lines.push('', textTable(['table', 'rows', 'kB'], content.tables.map(({ table, rows, bytes }) => [table, rows, kilobytes(bytes)]), ''))
  lines.push('', `On the disk: ${kilobytes(disk.databases.bytes)} kB of database, ${kilobytes(disk.files.bytes)} kB in ${disk.files.count} files, ${kilobytes(disk.snapshots.bytes)} kB of snapshots.`)
  lines.push(`Events: ${content.undelivered} of its own are not delivered yet and would be lost, ${content.dead} are dead letters; of others ${deliveries.undelivered} wait for it, ${deliveries.dead} are dead letters.`)
  for (const { table, purpose, retentionDays, rows } of personalData) lines.push(`Personal data: ${rows} rows of "${table}", for: ${textIn('en', purpose)}; kept: ${keptFor(retentionDays, 'en')}.`)
  if (roles.length > 0) lines.push(`Roles that end: ${roles.join(', ')}.`)
  for (const { pluginId: id, isRequired, isOn } of dependants) lines.push(`${id}, which is ${isOn ? 'on' : 'off'}, ${isRequired ? 'cannot run without it' : 'uses it where it is on'}.`)
  for (const other of neededElsewhere) lines.push(`It is shared: ${other} uses it.`)
  if (archives.length > 0) lines.push(`Archives from before: ${archives.map(({ id, takenAt }) => `${id} of ${takenAt}`).join(', ')}.`)
  return lines.join('\n')
}

/** How a purge went. */
export function purgedText({ archive, residue }: Purged, tenant: string): string {
  return [
    `${archive.plugin.id} is purged at ${tenant}. Left of it:`, '', countsText(residue), '',
    `Archive ${archive.id}, ${kilobytes(bytesOf(archive))} kB, read again and sound. It holds personal data where the plugin did: bring it back with`,
    `  liberacces archive restore ${archive.id} --tenant ${tenant}`, 'or delete it for good with', `  liberacces archive delete ${archive.id} --tenant ${tenant} --yes`,
  ].join('\n')
}

/** Rounded up. */
export function kilobytes(bytes: number): number {
  return Math.ceil(bytes / 1_000)
}
