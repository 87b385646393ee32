// Which tests run on which database, found out from what they import: there is no list to keep up to date but that of the exceptions below.
//
//   sqlite, postgres   tests that open the database of the run, themselves or by something of the tests that they import: all of them run on both
//   once               all others: those that open no database, and those that are about one of them
//
// `pnpm check:tests` sees to it that who opens a database and is of no project of both has a reason.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesUnder, read, root } from './workspace.ts'

/** Named after the one database that they are about. */
const ABOUT_ONE = /\/(?:sqlite|postgres)-[^/]+\.test\.tsx?$/

const SEVERAL_NODES = 'several nodes are on PostgreSQL, whatever the run is on'

/** Tests that open a database, and run once all the same; each with its reason. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'certification/test/dev/development.test.ts': 'about sources that change; its data folder is the one that `dev` makes by itself',
  'certification/test/docs/from-nothing.test.ts': 'about commands that a reader types; the demonstration of a reader is on SQLite',
  'certification/test/harness/certify-command.test.ts': 'about a command whose runs have folders of their own',
  'certification/test/kernel/kept-pages.test.ts': 'pages are kept where one process alone writes (decision 0015); on PostgreSQL they are made each time',
  'certification/test/kernel/migrations-without-room.test.ts': 'about a data folder whose disk is full',
  'certification/test/kernel/missing-release.test.ts': 'its releases are of a catalogue of the test’s own; on PostgreSQL nodes agree on what is installed',
  'certification/test/kernel/rehearsal-on-postgres.test.ts': 'about PostgreSQL',
  'certification/test/nodes/cut-and-killed.test.ts': SEVERAL_NODES,
  'certification/test/nodes/moves.test.ts': SEVERAL_NODES,
  'certification/test/nodes/rolling.test.ts': SEVERAL_NODES,
  'certification/test/remote/remote-nodes.test.ts': SEVERAL_NODES,
  'core/test/cli/control.test.ts': 'about a socket, behind which is no platform',
  'core/test/cli/help.test.ts': 'about what the command line says of itself',
  'core/test/entitlement/storage-room.test.ts': 'about the pages of SQLite’s files; what both keep to is in certify-room.ts',
  'core/test/events/nodes-schedules.test.ts': 'runs its suite on both by itself, with several nodes on one of them',
  'core/test/health/children.test.ts': 'about processes of plugins; what is on record of them is in plugin-health.test.ts',
  'core/test/health/killed-worker.test.ts': 'about a process of a plugin that is killed; that a transaction cut short is undone on each database is in the tests of faults',
  'core/test/hostile/contained-by-node.test.ts': 'about the border around processes; what each database refuses is in statement-guard.test.ts and postgres-isolation.test.ts',
  'core/test/hostile/contained-by-sandbox.test.ts': 'about the border around processes, with one more wall',
  'core/test/leaving/kernel-tables.test.ts': 'asks SQLite’s own catalogue for the tables, whose text is the same on both',
  'core/test/lifecycle/killed-rehearsal.test.ts': SEVERAL_NODES,
  'core/test/locks/database-session.test.ts': 'about a session with PostgreSQL',
  'core/test/moving/move-storage.test.ts': 'moves platforms from each database to the other',
  'core/test/nodes/at-the-same-time.test.ts': SEVERAL_NODES,
  'core/test/nodes/life.test.ts': SEVERAL_NODES,
  'core/test/nodes/one-place-for-files.test.ts': SEVERAL_NODES,
  'core/test/nodes/two-nodes.test.ts': SEVERAL_NODES,
  'core/test/removal/archives-of-nodes.test.ts': SEVERAL_NODES,
  'core/test/process/group/group-crashes.test.ts': 'about processes that plugins share; the contract over them runs in the project grouped',
  'core/test/process/group/process-group.test.ts': 'about processes that plugins share; the contract over them runs in the project grouped',
  'core/test/storage/data-folder.test.ts': 'about a data folder with SQLite in it',
  'core/test/storage/log-sync.test.ts': 'about SQLite’s log and the disk',
  'core/test/storage/migrations.test.ts': 'about how SQLite makes a table anew, which PostgreSQL need not',
  'core/test/storage/statement-guard.test.ts': 'about the guard of SQLite; PostgreSQL is guarded by its roles: postgres-isolation.test.ts',
  'core/test/storage/stores-in-memory.test.ts': 'about stores of SQLite in memory',
}

/** Green on both, and long for what the database has to do with it: on PostgreSQL with `TEST_EVERYTHING=1` alone. */
export const LONG: readonly string[] = [
  'certification/test/kernel/event-pages-in-browser.test.ts',
  'certification/test/kernel/killed.test.ts',
  'certification/test/kernel/module-pages-in-browser.test.ts',
  'certification/test/kernel/upgrade-crashes.test.ts',
  'core/test/cli/exit-codes.test.ts',
  'core/test/cli/server.test.ts',
  'core/test/files/s3-faults.test.ts',
  'core/test/removal/killed.test.ts',
  'plugins/bridge/test/bridge.test.ts',
  'plugins/canteen/test/booking-in-browser.test.ts',
  'plugins/families/test/browser.test.ts',
  'plugins/news/test/browser.test.ts',
  'plugins/news/test/upgrade-in-browser.test.ts',
]

/** Opens the database of the run. */
const RUN_DATABASE = /\b(?:testDatabase|testEnvironment)\(/
/** Opens a database, of whatever kind. */
const ANY_DATABASE = /\b(?:create(?:Sqlite|Postgres)Storage|open(?:Folder)?Storage|createPlatform|postgresDatabase|testDatabase|testEnvironment)\(|cli\/main\.ts/
const IMPORT = /\b(?:from|import)\s*\(?\s*'([^']+)'|new URL\('([^']+\.tsx?)'/g
const TEST_KIT = 'certification/src/testing/index.ts'

/** A test file and what it opens. */
export interface TestFile {
  readonly path: string
  readonly opensRunDatabase: boolean
  readonly opensAny: boolean
  readonly isNamedAfterOne: boolean
  /** Why it runs once; `undefined` where it runs on both. */
  readonly once: string | undefined
}

/** All test files of the workspace. */
export function testFiles(): readonly TestFile[] {
  const parts = new Map<string, { readonly runs: boolean; readonly opens: boolean; readonly imports: readonly string[] }>()
  const partOf = (path: string) => {
    const known = parts.get(path)
    if (known !== undefined) return known
    const text = read(path)
    const part = { runs: RUN_DATABASE.test(text), opens: ANY_DATABASE.test(text), imports: [...text.matchAll(IMPORT)].flatMap((match) => ofTests(path, match[1] ?? match[2] ?? '')) }
    parts.set(path, part)
    return part
  }
  return filesUnder('.', /^(?:[^/]+|(?:plugins|templates)\/[^/]+)\/test\/.*\.test\.tsx?$/).map((path) => {
    const seen = new Set([path])
    // A set that grows while it is walked is walked to its new end.
    for (const file of seen) for (const imported of partOf(file).imports) seen.add(imported)
    const all = [...seen].map(partOf)
    const [opensRunDatabase, opensAny] = [all.some(({ runs }) => runs), all.some(({ opens }) => opens)]
    const isNamedAfterOne = ABOUT_ONE.test(path)
    const once = EXCEPTIONS[path] ?? (LONG.includes(path) && !process.env['TEST_EVERYTHING'] ? 'long' : undefined) ?? (isNamedAfterOne ? 'about one database, as its name says' : opensRunDatabase ? undefined : 'opens no database')
    return { path, opensRunDatabase, opensAny, isNamedAfterOne, once }
  })
}

/** What an import leads to, where that is a part of tests or of the kit: what it tests is not followed. */
function ofTests(from: string, specifier: string): readonly string[] {
  if (specifier === '@liberacces/certification/testing') return [TEST_KIT]
  if (!specifier.startsWith('.')) return []
  const path = join(dirname(from), specifier)
  return /(?:^|\/)test\/|\/src\/testing\//.test(path) && /\.tsx?$/.test(path) && existsSync(join(root, path)) ? [path] : []
}
