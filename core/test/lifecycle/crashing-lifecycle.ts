import { join } from 'node:path'
import { definePlugin, Type, defineService, type Migrations, type Plugin } from '@liberacces/sdk'
import { createAudit, type Audit } from '../../src/audit/audit.ts'
import { loadCatalogue } from '../../src/catalogue/catalogue.ts'
import { givenPlugin } from '../../src/catalogue/plugin-source.ts'
import { createConsents } from '../../src/consent/consents.ts'
import { openInstallations, type Installations } from '../../src/lifecycle/installations.ts'
import { createProcessLocks } from '../../src/locks/process-locks.ts'
import { Gates } from '../../src/runtime/gates.ts'
import { Scope } from '../../src/scope.ts'
import { createFiles } from '../../src/storage/files.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside, NOTES } from '../storage/temporary-storage.ts'

export const TENANT = 't-1'
export const OTHER = 't-2'
export const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const Base = defineService('fr.test.base/v1', { answer: { input: Type.Object({}), output: Type.Integer() } })

/** A plugin with one table, and a need if told. */
export function plugin(id: string, more: { readonly version?: string; readonly needs?: boolean; readonly provides?: boolean; readonly migrations?: Migrations } = {}): Plugin {
  return definePlugin()({
    id: `fr.test.${id}`, version: more.version ?? '1.0.0', path: id, sdk: '*', license: 'MIT', title: { fr: id }, publisher: { name: 'Test', contact: 'x' },
    runtime: 'inline', scopes: ['db'], privacy: { stores: [] }, messages: { fr: {}, en: {} }, migrations: more.migrations ?? NOTES,
    ...(more.needs === true ? { requires: { 'fr.test.base/v1': '*' } } : {}),
    setup(k) {
      if (more.provides === true) k.provide(Base, () => ({ answer: () => 42 }))
      k.schedule({ id: 'nightly', cron: '0 3 * * *', timeoutMs: 1_000 }, async () => undefined)
    },
  }) as Plugin
}

/** The process died here. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** The lifecycle on a data folder, in a process that dies at its nth step; `started` holds the plugins whose schedules run. */
export interface Process {
  readonly installations: Installations
  readonly storage: Storage
  readonly audit: Audit
  readonly started: ReadonlySet<string>
  readonly log: readonly string[]
  /** Steps taken so far. */
  readonly steps: number
  /** Whether it died. */
  readonly isDead: boolean
  /** Lets it die when it has passed so many crash points from now on, counted from 0; never with `undefined`. */
  dieAt(points: number | undefined): void
  end(): Promise<void>
}

let processes = 0

/** @param crash - dies at this step, from 0: `before` its effect or just `after` it; with `fails` only the step fails, and the process lives on */
export async function startProcess(folder: string, plugins: readonly Plugin[], crash?: { readonly step: number; readonly when: 'before' | 'after' | 'fails' }): Promise<Process> {
  let dead = false
  let pointsLeft: number | undefined
  // Later than the one before: what that one had named is not named again.
  const outside = Object.assign(new FakeOutside(Date.UTC(2026, 10, 23, 8) + (processes += 1) * 1_000), {
    reached: (point: string) => {
      if (pointsLeft !== undefined) pointsLeft -= 1
      if (pointsLeft !== undefined && pointsLeft < 0) dead = true
      if (dead) throw new Crash(`at ${point}`)
    },
  })
  const real = await runStorage({ folder, outside })
  for (const id of [TENANT, OTHER]) {
    await real.platform.insertInto('tenant')
      .values({ id, slug: id, name: id, kind: 'commune', parent_id: null, siren: null, insee: null, population: null, created_at: 0 })
      .onConflict((conflict) => conflict.doNothing()).execute()
  }
  const started = new Set<string>()
  const log: string[] = []
  let steps = 0
  const step = async <Result>(effect: () => Promise<Result>): Promise<Result> => {
    if (dead) throw new Crash('a dead process does nothing')
    const mine = steps++
    if (mine === crash?.step && crash.when === 'before') dead = true
    if (dead || (mine === crash?.step && crash.when === 'fails')) throw new Crash(`before step ${mine}`)
    const result = await effect()
    if (mine === crash?.step && crash.when === 'after') dead = true
    if (dead) throw new Crash(`after step ${mine}`)
    return result
  }
  const storage = new Proxy(real, {
    get(target, name: keyof Storage) {
      if (name === 'platformTransaction') return (body: Parameters<Storage['platformTransaction']>[0]) => step(() => target.platformTransaction(body))
      if (name === 'migrate') return (...args: Parameters<Storage['migrate']>) => step(() => target.migrate(...args))
      if (dead && name !== 'close') throw new Crash('a dead process does nothing')
      return target[name]
    },
  })
  const reliable = createAudit({ storage: real, outside })
  const audit: Audit = { ...reliable, record: (entry, tx) => step(() => reliable.record(entry, tx)) }
  const told = (_detail: object, message: string): void => { log.push(message) }
  const catalogue = await loadCatalogue(plugins.map(givenPlugin), new Scope('test'))
  if (catalogue.rejected.length > 0) throw new AggregateError(catalogue.rejected.flatMap(({ problems }) => problems))
  const installations = await openInstallations({
    storage, locks: createProcessLocks(), catalogue, outside, audit, consents: createConsents({ storage, outside, audit }), log: { info: told, warn: told, error: told }, gates: new Gates(), drainMs: 1_000,
    files: await createFiles({ storage, folder: join(folder, 'files'), outside }), dataFolder: folder,
    ports: {
      requireEntitled: () => undefined,
      activated: (_tenant, release) => step(async () => { started.add(release.manifest.id) }),
      deactivated: (_tenant, pluginId) => step(async () => { started.delete(pluginId) }),
    },
  })
  return { installations, storage: real, audit: reliable, started, log, get steps() { return steps }, get isDead() { return dead }, dieAt: (points) => { pointsLeft = points }, end: () => real.close() }
}
