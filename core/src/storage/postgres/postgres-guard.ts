import type { GuardMode } from '../sqlite/statement-guard.ts'
import type { Token } from '../sql-token.ts'
import { tokenizePostgres } from './postgres-tokenizer.ts'

/** What is known of a statement from its text alone. */
export interface JudgedPostgres {
  /** Why a plugin may not run it. */
  readonly refusal: string | undefined
  /** Whether it may change something. Said too often rather than too seldom. */
  readonly writes: boolean
}

const VERBS: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'delete', 'with', 'values'])
const WRITING: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge', 'share', 'into'])
const SCHEMA_VERBS: ReadonlySet<string> = new Set(['create', 'alter', 'drop'])
const SCHEMA_OBJECTS: ReadonlySet<string> = new Set(['table', 'index', 'view'])
const REFUSED_WORDS: ReadonlySet<string> = new Set(['vacuum', 'reindex', 'rollback', 'savepoint', 'merge', 'owner', 'owned', 'trigger', 'rule', 'inherit', 'inherits', 'tablespace', 'temp', 'temporary', 'unlogged', 'copy'])
/** They change settings, reach files or run statements that stand in a string. */
const REFUSED_FUNCTIONS: ReadonlySet<string> = new Set(['set_config', 'current_setting', 'query_to_xml', 'query_to_xmlschema', 'query_to_xml_and_xmlschema', 'table_to_xml', 'schema_to_xml', 'database_to_xml', 'cursor_to_xml', 'ts_stat', 'ts_rewrite', 'nextval', 'setval', 'currval', 'lastval', 'inet_server_addr', 'inet_client_addr', 'version'])
const REFUSED_PREFIXES = ['liberacces', 'pg_', 'lo_', 'dblink', 'information_schema', 'has_', 'txid_', 'binary_upgrade', 'amcheck', 'bt_', 'xpath_table']

/**
 * Judges a statement of a plugin. The database itself keeps a plugin to its own tables; this stands in front, so that what is refused there is
 * refused here with a reason, as with SQLite, and a mistake in one of the two is not enough.
 */
export function judgePostgres(sql: string, mode: GuardMode): JudgedPostgres {
  const tokens = tokenizePostgres(sql)
  return Object.freeze({ refusal: tokens === undefined ? 'it holds a character, a quote or a comment that no statement may hold' : problemOf(tokens, mode), writes: tokens === undefined || writes(tokens) })
}

function problemOf(all: readonly Token[], mode: GuardMode): string | undefined {
  const last = all.at(-1)
  const tokens = last?.kind === 'symbol' && last.text === ';' ? all.slice(0, -1) : all
  const [head] = tokens
  if (head === undefined) return 'it is empty'
  if (head.kind !== 'word') return 'it starts with no keyword'
  if (tokens.some(({ kind, text }) => kind === 'symbol' && text === ';')) return 'it is more than one statement'
  return verbProblem(tokens, head.text, mode) ?? tokens.map((token, index) => tokenProblem(token, index, tokens)).find((problem) => problem !== undefined)
}

function verbProblem(tokens: readonly Token[], verb: string, mode: GuardMode): string | undefined {
  if (VERBS.has(verb)) return undefined
  if (mode === 'plugin') return `a plugin may not send ${verb.toUpperCase()}`
  if (!SCHEMA_VERBS.has(verb)) return `a migration may not send ${verb.toUpperCase()}`
  const object = tokens[1]?.text === 'unique' ? tokens[2] : tokens[1]
  return object?.kind === 'word' && SCHEMA_OBJECTS.has(object.text) ? undefined : `a migration may not ${verb.toUpperCase()} ${object?.text.toUpperCase() ?? 'nothing'}`
}

function tokenProblem({ kind, text }: Token, index: number, tokens: readonly Token[]): string | undefined {
  if (kind === 'symbol' || kind === 'number') return undefined
  if (text.startsWith('liberacces_')) return 'it names a table of the platform'
  if (kind === 'string') return undefined
  if (kind === 'word' && index > 0 && REFUSED_WORDS.has(text)) return `it holds ${text.toUpperCase()}`
  const next = tokens[index + 1]
  const isCall = next?.kind === 'symbol' && next.text === '('
  if (isCall && REFUSED_FUNCTIONS.has(text)) return `it calls ${text}`
  const prefix = REFUSED_PREFIXES.find((one) => text.startsWith(one))
  // A column may be called "has_image"; only what could be a function or a part of the system is refused.
  if (prefix !== undefined && (isCall || prefix === 'pg_' || prefix === 'information_schema' || next?.text === '.')) return `it names ${text}`
  return undefined
}

function writes(tokens: readonly Token[]): boolean {
  const verb = tokens[0]?.text
  return (verb !== 'select' && verb !== 'with' && verb !== 'values') || tokens.some(({ kind, text }) => kind === 'word' && WRITING.has(text))
}
