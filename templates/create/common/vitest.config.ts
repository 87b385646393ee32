import { defineConfig } from 'vitest/config'

// Tests boot the real kernel on temporary data: a little more time than vitest gives by itself, for slow machines.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: '@liberacces/sdk' } },
  test: { include: ['test/**/*.test.{ts,tsx}'], testTimeout: 60_000, hookTimeout: 60_000 },
})
