import { expect, onTestFinished, test, vi } from 'vitest'
import { settleMemory } from '../../src/process/host/settle-memory.ts'

test('[R184] what loading left behind is collected once, soon after the plugin is ready, by what the plugin itself never sees', () => {
  vi.useFakeTimers()
  onTestFinished(() => { vi.useRealTimers() })
  const collect = vi.fn<(options: object) => void>()
  Object.assign(globalThis, { gc: collect })
  const opened = settleMemory()
  expect('gc' in globalThis).toBe(false)
  opened()
  expect(collect).not.toHaveBeenCalled()
  vi.advanceTimersByTime(60_000)
  expect(collect).toHaveBeenCalledExactlyOnceWith({ type: 'major', execution: 'sync', flavor: 'last-resort' })
})
