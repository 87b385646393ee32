// One configuration for the tests of every package. TEST_REPORT=FILE also writes the result as JSON (used by .ci/run). All of them run on SQLite; those
// that go deepest into the storage run on PostgreSQL too. LIBERACCES_TEST_DATABASE=postgres runs any of them on PostgreSQL.

import { defineConfig } from 'vitest/config'

const reportFile = process.env['TEST_REPORT']

/** Through the whole kernel: installations, upgrades, events, rights, quotas; and the plugins that store most. */
const ON_BOTH = [
  'certification/test/test-kit.test.ts',
  'certification/test/kernel/{context,lifecycle,faults,quotas,permissions,mail,shares,enable-many,upgrade,event-trace,tenancy}.test.ts',
  'plugins/directory/test/{people-import,public-directory,personal-data}.test.{ts,tsx}',
  'plugins/news/test/{publication,writing,privacy}.test.{ts,tsx}',
  'templates/basic/test/lost-property.test.{ts,tsx}',
]

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: '@liberacces/sdk' } },
  test: {
    exclude: ['**/node_modules/**', '**/dist/**', '**/temp/**'],
    globalSetup: ['./scripts/test-server.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    // What comes by itself is waited for, however busy the machine is: one second, as vitest has it, is not much beside other tests.
    expect: { poll: { timeout: 20_000 } },
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      { extends: true, test: { name: 'sqlite', include: ['*/test/**/*.test.{ts,tsx}', 'plugins/*/test/**/*.test.{ts,tsx}', 'templates/*/test/**/*.test.{ts,tsx}'] } },
      { extends: true, test: { name: 'postgres', include: ON_BOTH, env: { LIBERACCES_TEST_DATABASE: 'postgres' } } },
    ],
    reporters: reportFile === undefined ? ['default'] : ['default', ['json', { outputFile: reportFile }]],
    coverage: { provider: 'v8', include: ['{sdk,core,certification}/src/**', 'plugins/*/src/**'] },
  },
})
