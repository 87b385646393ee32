// One configuration for the tests of every package. TEST_REPORT=FILE also writes the result as JSON (used by .ci/run). Tests that open the database of
// the run run twice, on SQLite and on PostgreSQL, all others once: scripts/test-projects.ts says which. `--project sqlite` runs one half.

import { defineConfig } from 'vitest/config'
import { testFiles } from './scripts/test-projects.ts'

const files = testFiles()
const [onBoth, once] = [files.filter((file) => file.once === undefined), files.filter((file) => file.once !== undefined)].map((some) => some.map(({ path }) => path))
/**
 * The contract of the runtime, and every test of a first-party plugin that opens a platform, with plugins that are reached as if they were in processes of their own, and in such.
 * Left out: those in a browser, which are about pages and long; `first-release`, whose archives run in processes by themselves; webhooks and bridge, which run in processes alone, where their workers find more.
 */
const OVER_THE_BORDER = [
  'certification/test/test-kit.test.ts', 'certification/test/kernel/{context,exchange,mail,shares}.test.ts',
  'plugins/directory/test/{bureau,people-import,public-directory}.test.ts', 'plugins/news/test/{following,kept-tiles,pinned,privacy,shared-directory,writing}.test.ts',
]
const IN_PROCESSES = ['plugins/bridge/test/bridge.test.ts', 'plugins/webhooks/test/webhooks.test.ts', 'templates/basic/test/lost-property.test.ts', 'plugins/directory/test/personal-data.test.ts', 'plugins/news/test/publication.test.ts', 'plugins/families/test/merge.test.ts', 'plugins/canteen/test/family-merge.test.ts']
/** The same two that need each other, in one process that they share. */
const IN_A_GROUP = ['plugins/news/test/publication.test.{ts,tsx}']

const reportFile = process.env['TEST_REPORT']

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: '@liberacces/sdk' } },
  test: {
    exclude: ['**/node_modules/**', '**/dist/**', '**/temp/**'],
    globalSetup: ['./scripts/test-server.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // What comes by itself is waited for, however busy the machine is: one second, as vitest has it, is not much beside other tests.
    expect: { poll: { timeout: 20_000 } },
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      { extends: true, test: { name: 'sqlite', include: onBoth ?? [], env: { LIBERACCES_TEST_DATABASE: 'sqlite' } } },
      { extends: true, test: { name: 'postgres', include: onBoth ?? [], env: { LIBERACCES_TEST_DATABASE: 'postgres' } } },
      { extends: true, test: { name: 'loopback', include: OVER_THE_BORDER, env: { LIBERACCES_TEST_DATABASE: 'sqlite', LIBERACCES_TEST_RUNTIME: 'loopback' } } },
      { extends: true, test: { name: 'process', include: IN_PROCESSES, env: { LIBERACCES_TEST_DATABASE: 'sqlite', LIBERACCES_TEST_RUNTIME: 'process' } } },
      { extends: true, test: { name: 'grouped', include: IN_A_GROUP, env: { LIBERACCES_TEST_DATABASE: 'sqlite', LIBERACCES_TEST_RUNTIME: 'process', LIBERACCES_TEST_GROUPS: 'all=news+directory' } } },
      { extends: true, test: { name: 'once', include: once ?? [], env: { LIBERACCES_TEST_DATABASE: 'sqlite' } } },
    ],
    reporters: reportFile === undefined ? ['default'] : ['default', ['json', { outputFile: reportFile }]],
    coverage: { provider: 'v8', include: ['{sdk,core,certification}/src/**', 'plugins/*/src/**'] },
  },
})
