// Checks the rule by which tests run on one database or on both (scripts/test-projects.ts): a test that opens a database, and not the one that the run
// asks for, says by its name or in the list of exceptions why; and no exception is there that is not needed.

import { EXCEPTIONS, LONG, testFiles } from './test-projects.ts'
import { report } from './workspace.ts'

const files = testFiles()
const unknown = [...Object.keys(EXCEPTIONS), ...LONG].filter((path) => !files.some((file) => file.path === path)).map((path) => `scripts/test-projects.ts: there is no test ${path}`)
const needless = files.filter(({ path, isNamedAfterOne, opensAny }) => path in EXCEPTIONS && (isNamedAfterOne || !opensAny))
  .map(({ path, isNamedAfterOne }) => `scripts/test-projects.ts: ${path} needs no exception: ${isNamedAfterOne ? 'its name says it' : 'it opens no database'}`)
const silent = files.filter(({ path, isNamedAfterOne, opensAny, opensRunDatabase }) => opensAny && !opensRunDatabase && !isNamedAfterOne && !(path in EXCEPTIONS))
  .map(({ path }) => `${path}: opens a database, and not the one of the run. Open that (testEnvironment), or name the test after the database that it is about`)

const twice = files.filter(({ once }) => once === undefined).length
report('tests', [...unknown, ...needless, ...silent], `${files.length} test files: ${twice} run on SQLite and on PostgreSQL, ${files.length - twice} once`)
