import type { Token } from '../sql-token.ts'
import { tokenize } from './tokenizer.ts'

/** Where a statement comes from: `plugin` code, or one of its migrations, which may also change its tables. */
export type GuardMode = 'plugin' | 'migration'

const PLUGIN_VERBS = new Set(['select', 'insert', 'update', 'delete', 'replace', 'with', 'values'])
const WRITING_VERBS = new Set(['insert', 'update', 'delete', 'replace'])
const SCHEMA_VERBS = new Set(['create', 'alter', 'drop'])
const SCHEMA_OBJECTS = new Set(['table', 'index', 'view', 'trigger'])
/** What introspection reads; all of them only describe tables. */
const DESCRIBING_PRAGMAS = new Set(['table_info', 'table_xinfo', 'index_list', 'index_info', 'index_xinfo', 'foreign_key_list'])
/** No statement that is allowed needs one of these bare. `rollback` is also a conflict clause that ends the whole transaction. */
const REFUSED_WORDS = new Set(['attach', 'detach', 'vacuum', 'reindex', 'rollback', 'savepoint', 'pragma'])
/** They load code, reach files, or hand out addresses. */
const REFUSED_FUNCTIONS = new Set(['load_extension', 'readfile', 'writefile', 'edit', 'fts3_tokenizer', 'sqlite_log'])
/** Tables that exist in every database without being created, and tell about pages of the kernel's tables too. */
const REFUSED_TABLES = new Set(['dbstat', 'sqlite_dbpage', 'fts3tokenize'])
const KERNEL_PREFIX = 'liberacces_'

/**
 * Judges a statement of a plugin. `better-sqlite3` has no authorizer, and `ATTACH` reads any file, so what is not known
 * to be harmless is refused. Run once per distinct text: prepared statements are kept.
 * @returns why it is refused, or `undefined` when it may run
 */
export function reasonToRefuse(sql: string, mode: GuardMode): string | undefined {
  const tokens = tokenize(sql)
  if (tokens === undefined) return 'it holds a character or an open quote that no statement may hold'
  const body = withoutFinalSemicolon(tokens)
  const head = body[0]
  if (head === undefined) return 'it is empty'
  if (head.kind !== 'word') return 'it starts with no keyword'
  return headProblem(body, head.text, mode) ?? body.map((token, index) => tokenProblem(token, index, body, mode)).find((problem) => problem !== undefined)
}

/** The keyword that decides what a statement does: the one behind the `WITH` part, if there is one. */
export function mainVerb(tokens: readonly Token[]): string | undefined {
  const head = tokens[0]
  if (head?.kind !== 'word' || head.text !== 'with') return head?.text
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'symbol' && token.text === '(') depth += 1
    if (token.kind === 'symbol' && token.text === ')') depth -= 1
    if (depth === 0 && token.kind === 'word' && (WRITING_VERBS.has(token.text) || token.text === 'select' || token.text === 'values')) return token.text
  }
  return undefined
}

/** The first words of a statement, without any value, for messages. */
export function headOf(sql: string): string {
  const words = (tokenize(sql) ?? []).slice(0, 6).map((token) => (token.kind === 'string' || token.kind === 'number' ? '?' : token.text))
  return words.length === 0 ? '…' : `${words.join(' ').slice(0, 80)} …`
}

function headProblem(tokens: readonly Token[], verb: string, mode: GuardMode): string | undefined {
  // A trigger's body holds semicolons; what follows its END, the driver refuses.
  const makesTrigger = verb === 'create' && tokens[1]?.kind === 'word' && tokens[1].text === 'trigger'
  if (!makesTrigger && tokens.some((token) => token.kind === 'symbol' && token.text === ';')) return 'it is more than one statement'
  if (PLUGIN_VERBS.has(verb)) return undefined
  if (mode === 'plugin') return `a plugin may not send ${verb.toUpperCase()}`
  if (SCHEMA_VERBS.has(verb)) {
    const object = tokens[1]?.text === 'unique' ? tokens[2] : tokens[1]
    return object?.kind === 'word' && SCHEMA_OBJECTS.has(object.text) ? undefined : `a migration may not ${verb.toUpperCase()} ${object?.text.toUpperCase() ?? 'nothing'}`
  }
  if (verb === 'pragma') {
    const name = tokens[1]
    const describes = name?.kind === 'word' && DESCRIBING_PRAGMAS.has(name.text) && tokens[2]?.text === '('
    return describes ? undefined : `a migration may not use PRAGMA ${name?.text ?? ''}`
  }
  return `a migration may not send ${verb.toUpperCase()}`
}

function tokenProblem(token: Token, index: number, tokens: readonly Token[], mode: GuardMode): string | undefined {
  if (token.kind === 'symbol' || token.kind === 'number') return undefined
  const { text } = token
  // Strings too: SQLite reads 'x' as a name where it expects one.
  if (text.startsWith(KERNEL_PREFIX)) return 'it names a table of the platform'
  if (token.kind === 'string') return undefined
  if (token.kind === 'word' && index > 0 && REFUSED_WORDS.has(text)) return `it holds ${text.toUpperCase()}`
  if (REFUSED_TABLES.has(text)) return `it names ${text}`
  if (text.startsWith('pragma_') && !(mode === 'migration' && DESCRIBING_PRAGMAS.has(text.slice('pragma_'.length)))) return `it names ${text}`
  const isCall = tokens[index + 1]?.kind === 'symbol' && tokens[index + 1]?.text === '('
  if (isCall && REFUSED_FUNCTIONS.has(text)) return `it calls ${text}`
  // A view or trigger counts as a write: what it reads later is not judged again.
  if (text.startsWith('sqlite_') && mainVerb(tokens) !== 'select') return `it writes while it names ${text}`
  return undefined
}

function withoutFinalSemicolon(tokens: readonly Token[]): readonly Token[] {
  const last = tokens.at(-1)
  return last?.kind === 'symbol' && last.text === ';' ? tokens.slice(0, -1) : tokens
}
