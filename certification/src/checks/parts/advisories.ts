import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import semver from 'semver'

/** What we read of an advisory in the format of OSV (https://ossf.github.io/osv-schema). */
export interface Advisory {
  readonly id: string
  readonly summary?: string
  readonly modified?: string
  readonly withdrawn?: string
  readonly severity?: readonly { readonly type?: string; readonly score?: string }[]
  readonly database_specific?: { readonly severity?: string }
  readonly affected?: readonly {
    readonly package?: { readonly ecosystem?: string; readonly name?: string }
    readonly versions?: readonly string[]
    readonly ranges?: readonly { readonly type?: string; readonly events?: readonly { readonly introduced?: string; readonly fixed?: string; readonly last_affected?: string }[] }[]
  }[]
}

/** A snapshot of what is known. */
export interface Advisories {
  readonly vulnerabilities: readonly Advisory[]
  /** When the latest one was changed: the snapshot is about that old. `unknown` when none says. */
  readonly latest: string
}

/**
 * Reads a snapshot: a JSON file with an array of advisories or `{ "vulns": […] }`, or a folder with one file each, as the archives of osv.dev have them.
 * @throws Error when it is none
 */
export async function readAdvisories(path: string): Promise<Advisories> {
  const files = (await stat(path)).isDirectory() ? (await readdir(path)).filter((name) => name.endsWith('.json')).map((name) => join(path, name)) : [path]
  const vulnerabilities: Advisory[] = []
  for (const file of files) {
    const value = JSON.parse(await readFile(file, 'utf8')) as readonly Advisory[] | Advisory | { readonly vulns: readonly Advisory[] }
    vulnerabilities.push(...(Array.isArray(value) ? value as readonly Advisory[] : 'vulns' in value ? value.vulns : [value as Advisory]))
  }
  if (vulnerabilities.some((one) => typeof one?.id !== 'string')) throw new Error(`${path} holds something that is no advisory in the format of OSV.`)
  return { vulnerabilities, latest: vulnerabilities.map(({ modified }) => modified ?? '').toSorted().at(-1) || 'unknown' }
}

/** Whether it is high or critical, by the word of its database or by its CVSS score. Without either it counts: nobody said that it is harmless. */
export function isSevere({ severity, database_specific: database, withdrawn }: Advisory): boolean {
  if (withdrawn !== undefined) return false
  if (database?.severity !== undefined) return /^(high|critical)$/i.test(database.severity)
  const vector = severity?.find(({ type }) => type === 'CVSS_V3' || type === 'CVSS_V4')?.score
  // Of a vector we read what makes it serious without computing its score: reachable by network, and full loss of something.
  return vector === undefined || (/AV:N/.test(vector) && /\/(?:V?[CIA]):H/.test(vector))
}

/** Whether one version of an npm package is affected. */
export function concerns({ affected = [] }: Advisory, name: string, version: string): boolean {
  return affected.some(({ package: of, versions = [], ranges = [] }) => of?.ecosystem === 'npm' && of.name === name && (versions.includes(version) || ranges.some(({ type, events = [] }) => type === 'SEMVER' && isWithin(version, events))))
}

function isWithin(version: string, events: readonly { readonly introduced?: string; readonly fixed?: string; readonly last_affected?: string }[]): boolean {
  let inside = false
  for (const { introduced, fixed, last_affected: last } of events) {
    if (introduced !== undefined && (introduced === '0' || semver.gte(version, introduced))) inside = true
    if (fixed !== undefined && semver.gte(version, fixed)) inside = false
    if (last !== undefined && semver.gt(version, last)) inside = false
  }
  return inside
}
