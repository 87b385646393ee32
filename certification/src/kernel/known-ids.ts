import type { Endpoint } from '@liberacces/sdk/host'
import type { DumpedTable } from './store-dump.ts'

/** Most ids that are kept of one kind: newest first. */
export const MOST_IDS = 6

/** Ids of what was made at one tenant, found in answers, links and rows, for the calls that come after. */
export class KnownIds {
  readonly #base: string
  readonly #endpoints: readonly Endpoint[]
  /** Parts of addresses, of all endpoints. */
  readonly #paths: readonly (readonly string[])[]
  /** By name of a field, or `<path up to the parameter>:` for parts of links. */
  readonly #byName = new Map<string, string[]>()
  /** Whatever came first once: a long list that is read again must not push away what was made meanwhile. */
  readonly #seen = new Set<string>()
  /** Rows of tables that were looked at. */
  readonly #rows = new Set<string>()

  constructor(pluginPath: string, endpoints: readonly Endpoint[]) {
    this.#base = `/apps/${pluginPath}`
    this.#paths = endpoints.map(({ path }) => path.split('/'))
    this.#endpoints = endpoints.filter(({ path }) => path.includes(':'))
  }

  /**
   * Looks through an answer: the fields of JSON, the links of a page.
   * @param from - path of the endpoint that gave it: what it answers with is most likely found below it
   */
  noteAnswer(text: string, contentType: string, from?: string): void {
    if (contentType.includes('json')) this.#noteJson(parsed(text), 0, from)
    for (const [, path = ''] of text.matchAll(/(\/apps\/[^\s"'<>?#&]+)/g)) this.noteLink(path)
  }

  noteLink(address: string): void {
    const path = address.replace(/^https?:\/\/[^/]+/, '').replace(/[?#].*$/, '')
    if (!path.startsWith(`${this.#base}/`)) return
    const parts = path.slice(this.#base.length).split('/')
    for (const endpoint of this.#endpoints) {
      const wanted = endpoint.path.split('/')
      if (wanted.length !== parts.length || !wanted.every((part, index) => part.startsWith(':') || part === parts[index])) continue
      for (const [index, part] of wanted.entries()) {
        const value = decoded(parts[index] ?? '')
        // A part of another address, such as `new`, is no id.
        if (part.startsWith(':') && value !== '' && !this.#isFixed(wanted.slice(0, index), parts[index] ?? '')) this.#keep(`${wanted.slice(0, index).join('/')}:`, value)
      }
    }
  }

  /** What lies in the plugin's tables: the columns of ids. */
  noteTables(tables: readonly DumpedTable[]): void {
    for (const { name, rows } of tables) {
      // In whatever order a table gives its rows, those that came since the last look are the newest.
      const isNew = (row: DumpedTable['rows'][number]): boolean => !this.#rows.has(`${name} ${String(row['id'] ?? row['slug'])}`)
      const ordered = [...rows.filter((row) => !isNew(row)), ...rows.filter(isNew)]
      for (const row of ordered) this.#rows.add(`${name} ${String(row['id'] ?? row['slug'])}`)
      for (const row of ordered.slice(-MOST_IDS)) {
        for (const [column, value] of Object.entries(row)) {
          if (typeof value !== 'string' || value === '' || value.length > 200) continue
          if (column === 'id' || column === 'slug') this.#keep(`${name}.${column}`, value)
          if (column === 'id' || column === 'slug' || column.endsWith('_id')) this.#keep(camel(column), value, true)
        }
      }
    }
  }

  /** Values for the parameters of an address, the likeliest first; one empty set for an address without any, none where nothing is known. */
  paramsFor({ path }: Pick<Endpoint, 'path'>): readonly Readonly<Record<string, string>>[] {
    const parts = path.split('/')
    const names = parts.flatMap((part, index) => (part.startsWith(':') ? [{ name: part.slice(1), before: parts.slice(0, index) }] : []))
    if (names.length === 0) return [{}]
    const candidates = names.map(({ name, before }) => this.#valuesFor(name, before))
    const most = Math.max(...candidates.map((values) => values.length))
    if (candidates.some((values) => values.length === 0)) return []
    return Array.from({ length: Math.min(most, MOST_IDS) }, (_, turn) => Object.fromEntries(names.map(({ name }, index) => [name, candidates[index]?.[Math.min(turn, (candidates[index]?.length ?? 1) - 1)] ?? ''])))
  }

  /** The newest value for a field of a body that names something, such as `childId`. */
  valueFor(name: string): string | undefined {
    if (!/(?:^id|Id|_id)$/.test(name)) return undefined
    const stem = name.replace(/_?Id$|_id$/, '').toLowerCase()
    const ofTable = [...this.#byName].find(([key]) => key.endsWith('.id') && stem !== '' && key.toLowerCase().startsWith(stem))?.[1][0]
    return ofTable ?? this.#byName.get(camel(name))?.[0]
  }

  #valuesFor(name: string, before: readonly string[]): readonly string[] {
    const segment = before.findLast((part) => part !== '' && !part.startsWith(':'))?.toLowerCase() ?? ''
    const tables = [...this.#byName].filter(([key]) => /\.(id|slug)$/.test(key) && (segment.startsWith(key.replace(/\..*$/, '').toLowerCase().slice(0, 5)) || key.startsWith(segment.slice(0, 5)))).flatMap(([key, values]) => (key.endsWith(`.${name}`) ? values : []))
    const any = [...this.#byName].filter(([key]) => key.endsWith(`.${name}`)).flatMap(([, values]) => values)
    return [...new Set([...this.#byName.get(`${before.join('/')}:`) ?? [], ...tables, ...any, ...this.#byName.get(name) ?? [], ...(name === 'id' ? [] : this.#byName.get('id') ?? [])])].slice(0, MOST_IDS)
  }

  #isFixed(before: readonly string[], part: string): boolean {
    return this.#paths.some((path) => path[before.length] === part && before.every((each, index) => path[index] === each))
  }

  #noteJson(value: unknown, depth: number, from: string | undefined): void {
    if (depth > 6 || typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) for (const each of value.slice(0, 20)) this.#noteJson(each, depth + 1, from)
    else {
      for (const [name, each] of Object.entries(value)) {
        if (typeof each === 'string' && /^(?:id|slug|\w+Id|\w+_id|token|code|key|ref|reference)$/.test(name) && each !== '' && each.length <= 200) {
          this.#keep(name, each)
          if (from !== undefined && (name === 'id' || name === 'slug')) this.#keep(`${from}:`, each)
        } else this.#noteJson(each, depth + 1, from)
      }
    }
  }

  #keep(name: string, value: string, last = false): void {
    const known = this.#byName.get(name) ?? []
    if (known.includes(value) || this.#seen.has(`${name} ${value}`)) return
    if (!last) this.#seen.add(`${name} ${value}`)
    this.#byName.set(name, (last ? [...known, value] : [value, ...known]).slice(0, MOST_IDS))
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** A part of an address as it was meant; as it stands where it is no encoded text. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
