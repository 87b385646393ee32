// One configuration for the tests of every package. TEST_REPORT=FILE also writes the result as JSON (used by .ci/run).

import { defineConfig } from 'vitest/config'

const reportFile = process.env['TEST_REPORT']

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: '@liberacces/sdk' } },
  test: {
    include: ['*/test/**/*.test.{ts,tsx}', 'plugins/*/test/**/*.test.{ts,tsx}', 'templates/*/test/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/temp/**'],
    globalSetup: ['./scripts/test-server.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    restoreMocks: true,
    unstubEnvs: true,
    reporters: reportFile === undefined ? ['default'] : ['default', ['json', { outputFile: reportFile }]],
    coverage: { provider: 'v8', include: ['{sdk,core,certification}/src/**', 'plugins/*/src/**'] },
  },
})
