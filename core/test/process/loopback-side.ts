import { definePlugin, type Context, type Migrations, type WorkerContext } from '@liberacces/sdk'
import { onTestFinished } from 'vitest'
import { PlatformError } from '../../src/errors.ts'
import type { Child } from '../../src/process/child.ts'
import { openLoopbackChild } from '../../src/process/loopback-child.ts'
import { PluginSide, type SideDeps } from '../../src/process/plugin-side.ts'
import { UsedScopes } from '../../src/process/used-scopes.ts'

/** What of a plugin a test is about. */
interface SideParts {
  readonly migrations?: Migrations
  readonly check?: (c: Context) => Promise<void>
  /** The only one. */
  readonly worker?: (w: WorkerContext) => Promise<void>
}

/** The kernel's side of a plugin that is reached as one in a process of its own, gone with the test. */
export async function openLoopbackSide({ migrations = {}, check, worker }: SideParts, deps: Partial<SideDeps> = {}): Promise<{ readonly child: Child; readonly side: PluginSide }> {
  const child = openLoopbackChild(definePlugin()({
    id: 'fr.test.side', version: '1.0.0', path: 'side', sdk: '*', license: 'MIT', title: { fr: 'À côté' }, publisher: { name: 'Test', contact: 'x' },
    scopes: ['db'], privacy: { stores: [] }, messages: { fr: {}, en: {} }, migrations: migrations as never,
    ...(check === undefined ? {} : { check: check as never }),
    setup: (k) => { if (worker !== undefined) k.worker({ kind: 'worker', id: 'link' }, worker as never) },
  }))
  onTestFinished(() => { child.kill() })
  const side = new PluginSide(child.channel, { id: 'fr.test.side', version: '1.0.0' }, {
    now: Date.now, isMachineTime: true, randomBytes: (length) => new Uint8Array(length), cpu: () => undefined, used: new UsedScopes(),
    log: { warn: () => undefined }, wording: { clean: (text) => text, tells: () => true }, ...deps,
  }, () => new PlatformError('UNAVAILABLE', 'It is gone.', { fix: 'Come again.' }))
  await side.open({ file: 'side', dialect: 'sqlite', csrfToken: 'token' }, 10_000)
  return { child, side }
}
