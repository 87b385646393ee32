import { definePlugin } from '@liberacces/sdk'
import { expect, onTestFinished, test } from 'vitest'
import { ChildHealth } from '../../src/health/child-health.ts'
import { PING_RULES, RESTART_RULES } from '../../src/health/rules.ts'
import { openLoopbackChild } from '../../src/process/loopback-child.ts'
import type { Child } from '../../src/process/child.ts'
import { Supervisor } from '../../src/process/supervisor.ts'
import { UsedScopes } from '../../src/process/used-scopes.ts'

const PLUGIN = definePlugin()({
  id: 'fr.test.side', version: '1.0.0', path: 'side', sdk: '*', license: 'MIT', title: { fr: 'À côté' }, publisher: { name: 'Test', contact: 'x' },
  scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} }, setup: () => undefined,
})

/** A plugin whose children start when the test lets them. */
async function open() {
  const starts: PromiseWithResolvers<Child>[] = []
  const exits: string[] = []
  const loaded: Child[] = []
  let halted: 'stopped' | undefined
  const health = new ChildHealth({ now: Date.now, halted: () => halted, changed: () => undefined, crashed: () => undefined, quarantine: () => undefined }, { ...RESTART_RULES, firstPauseMs: 1, mostMissed: PING_RULES.mostMissed }, [])
  const child = (): Child => {
    const opened: Child = { ...openLoopbackChild(PLUGIN), loaded: () => { loaded.push(opened) } }
    void opened.exited.then((why) => { exits.push(why) })
    return opened
  }
  const supervisor = new Supervisor({
    runtime: 'loopback', name: PLUGIN, loadMs: 10_000, pingEveryMs: 60_000, now: Date.now, health: () => health,
    start: () => {
      const start = Promise.withResolvers<Child>()
      starts.push(start)
      if (starts.length === 1) start.resolve(child())
      return start.promise
    },
    hello: () => Promise.resolve({ file: 'side', dialect: 'sqlite', csrfToken: 'token' }),
    side: { now: Date.now, isMachineTime: true, randomBytes: (length) => new Uint8Array(length), cpu: () => undefined, used: new UsedScopes(), log: { warn: () => undefined }, wording: {} },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  await supervisor.open()
  onTestFinished(() => supervisor.stop())
  const halt = (kind: typeof halted): void => {
    halted = kind
    health.haltsChanged()
  }
  return { supervisor, health, starts, exits, loaded, child, halt }
}

test('[R254] a child is told once its plugin is loaded, and not before', async () => {
  const { supervisor, health, starts, loaded, child } = await open()
  expect(loaded).toHaveLength(1)
  health.restart()
  await expect.poll(() => starts.length).toBe(2)
  expect(loaded).toHaveLength(1)
  starts[1]?.resolve(child())
  await expect.poll(() => supervisor.state).toBe('ready')
  expect(loaded).toHaveLength(2)
})

test('[V4] a stop that comes while a child is starting ends that child, and a start brings another', async () => {
  const { supervisor, health, starts, exits, child, halt } = await open()
  health.restart()
  await expect.poll(() => [exits.length, starts.length]).toEqual([1, 2])
  halt('stopped')
  starts[1]?.resolve(child())
  await expect.poll(() => [exits.length, supervisor.state]).toEqual([2, 'stopped'])
  halt(undefined)
  await expect.poll(() => starts.length).toBe(3)
  starts[2]?.resolve(child())
  await expect.poll(() => supervisor.state).toBe('ready')
  expect(exits).toEqual(['killed by the platform', 'killed by the platform'])
})
