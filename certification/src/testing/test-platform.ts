import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPlatform, fillPlugin, readConfig, testDatabase, type MailTransport, type OutgoingMail, type Platform } from '@liberacces/core'
import type { EventContract, EventData, Plugin, TenantInfo } from '@liberacces/sdk'
import { TestClient } from './test-client.ts'
import { testOutside, type TestOutside } from './test-clock.ts'
import { sourcesFor, type TestRuntime, type TestScripts } from './test-sources.ts'

/** What a test platform is made of. */
export interface TestPlatformOptions {
  /** Taken in and switched on, on every tenant, in the order of their needs. */
  readonly plugins: readonly Plugin[]
  /** Number of communes: 1 to 20, called `commune-1`, `commune-2`… @defaultValue 1 */
  readonly tenants?: number
  /** Whether the plugins fill the tenants with their demonstration data. @defaultValue false */
  readonly demo?: boolean
  /**
   * Where the plugins run: `inline` in this process, `loopback` in it and reached as if they were not, `process` in processes of their own: made from the folders
   * that they are imported from, where those are packages of the workspace, else as `loopback`. @defaultValue `LIBERACCES_TEST_RUNTIME`, else `inline`
   */
  readonly runtime?: TestRuntime
  /** Scripts for pages of plugins that are no packages of the workspace: their text by plugin and name. @defaultValue none */
  readonly scripts?: TestScripts
  /** @defaultValue 1 */
  readonly seed?: number
  /** What the operator sets besides, such as `LIBERACCES_EGRESS_ALLOW`. */
  readonly env?: Readonly<Record<string, string>>
  /** `real`: requests and connections of plugins leave, for tests with servers of their own on this machine. @defaultValue `none` */
  readonly network?: 'none' | 'real'
}

/** A tenant of a test platform. */
export interface TestTenant {
  readonly id: string
  readonly info: TenantInfo
  readonly host: string
  /** A client without an account. */
  readonly visitor: TestClient
  /** A client with a session of a new account that has this role, or these. */
  as(roles: string | readonly string[], name?: string): Promise<TestClient>
  /** Id of the account behind the latest client of these roles. */
  accountOf(client: TestClient): string
  /** Hands an event to every plugin that listens to it, as if another plugin had emitted it. @param options - `twice` delivers it a second time, as a relay after a crash would */
  deliver<E extends EventContract>(event: E, data: EventData<E>, options?: { readonly twice?: boolean }): Promise<void>
}

/** A real kernel on temporary data. */
export interface TestPlatform extends AsyncDisposable {
  readonly platform: Platform
  readonly outside: TestOutside
  readonly port: number
  /** Mails that left, in the order in which they did. They leave when events are delivered: `settle()` first. */
  readonly mails: readonly OutgoingMail[]
  /** @param index - from 0 @throws RangeError when there are fewer tenants */
  tenant(index?: number): TestTenant
  /** The first tenant's. */
  as(roles: string | readonly string[], name?: string): Promise<TestClient>
  /** Delivers every event and runs every schedule that is due by the test's clock. */
  settle(): Promise<void>
  /** Fills a tenant with the demonstration data of the plugins that are on there. */
  fill(tenantId: string): Promise<void>
  /** Moves the clock, then settles. @param ms - milliseconds */
  advance(ms: number): Promise<void>
  /** Stops as a power cut would: nothing is finished or closed in order. Then starts again on the same data. */
  crash(): Promise<void>
}

const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const
const PASSWORD = 'a-long-enough-test-password'

/**
 * Boots the real kernel with plugins on temporary data, on a free port, with a clock that stands still, seeded chance and no network.
 * Use it with `await using`: leaving the block stops the platform, and fails when a closing failed or the plugins left something open.
 * @throws Error naming every problem when a plugin is not taken in
 */
export async function startTestPlatform(options: TestPlatformOptions): Promise<TestPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-test-'))
  const outside = testOutside(options.seed ?? 1, options.network)
  const mails: OutgoingMail[] = []
  const mail: MailTransport = { send: async (outgoing) => { mails.push(outgoing) }, close: () => undefined }
  const database = await testDatabase()
  let running = await boot(folder, options, outside, mail, database?.url)
  await prepare(running.platform, options)

  const clients = new WeakMap<TestClient, string>()
  const tenant = (index = 0): TestTenant => {
    const found = running.platform.tenants.bySlug(`commune-${index + 1}`)
    if (found === undefined) throw new RangeError(`This platform has ${options.tenants ?? 1} tenants; there is no number ${index}.`)
    const host = found.hosts[0] ?? ''
    return {
      id: found.id,
      info: found.info,
      host,
      visitor: new TestClient(running.port, host),
      async as(roles, name = 'Camille Test') {
        const login = `test-${Buffer.from(outside.randomBytes(6)).toString('hex')}`
        const account = await running.platform.accounts.create(found.id, { login, name, password: PASSWORD, roles: typeof roles === 'string' ? [roles] : roles }, OPERATOR)
        const session = await running.platform.sessions.open(found.id, account.id)
        const client = new TestClient(running.port, host, { cookie: { name: 'liberacces_session', value: session.token } })
        clients.set(client, account.id)
        return client
      },
      accountOf(client) {
        const id = clients.get(client)
        if (id === undefined) throw new Error('This client has no account: it was not made by as().')
        return id
      },
      async deliver(event, data, { twice = false } = {}) {
        const { installations } = running.platform
        const id = `test-${Buffer.from(outside.randomBytes(8)).toString('hex')}`
        const listening = installations.modules(found.id).subscriptions.get(event.id)
        if (listening.length === 0) throw new Error(`No active plugin of ${found.info.name} listens to ${event.id}.`)
        for (let time = 0; time < (twice ? 2 : 1); time += 1) {
          for (const { pluginId, handlerId } of listening) {
            await running.platform.deliver({
              eventId: id, type: event.id, source: 'test', subject: undefined, time: outside.now(), data, traceparent: undefined,
              tenantId: found.id, subscriber: pluginId, handler: handlerId, attempt: time + 1,
            })
          }
        }
        await running.platform.events.settle()
      },
    }
  }

  const settle = async (): Promise<void> => {
    await running.platform.scheduler.settle()
    for (let before = -1, { stats } = running.platform.events; before !== stats.delivered;) {
      before = stats.delivered
      await running.platform.events.settle()
      // What workers do may emit events, and what handlers do may wake workers.
      await running.platform.workers.settle()
    }
  }
  return {
    get platform() { return running.platform },
    get port() { return running.port },
    outside,
    mails,
    tenant,
    as: (roles, name) => tenant().as(roles, name),
    settle,
    fill: (tenantId) => fill(running.platform, tenantId),
    async advance(ms) {
      outside.advance(ms)
      await settle()
    },
    async crash() {
      // Without storage nothing that is still under way can finish.
      await running.platform.storage.close()
      await running.platform.stop()
      running = await boot(folder, options, outside, mail, database?.url)
    },
    async [Symbol.asyncDispose]() {
      const closings = await running.platform.stop()
      await rm(folder, { recursive: true, force: true })
      await database?.drop()
      const failed = closings.filter((closing) => closing.error !== undefined)
      if (failed.length > 0) throw new AggregateError(failed.map((closing) => closing.error), `The platform did not close cleanly: ${failed.map((closing) => closing.label).join(', ')}.`)
    },
  }
}

async function boot(folder: string, { plugins, env = {}, runtime, scripts }: TestPlatformOptions, outside: TestOutside, mail: MailTransport, databaseUrl: string | undefined): Promise<{ readonly platform: Platform; readonly port: number }> {
  const config = readConfig({ LIBERACCES_PROCESS_GROUPS: process.env['LIBERACCES_TEST_GROUPS'], ...env, PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_DATABASE_URL: databaseUrl, LIBERACCES_LOG: process.env['LIBERACCES_LOG'] ?? 'silent' }, folder)
  const platform = await createPlatform({ config, plugins: await sourcesFor(plugins, runtime, scripts), outside, mail })
  const problems = platform.catalogue.rejected.flatMap((rejection) => rejection.problems)
  if (problems.length > 0) {
    await platform.stop()
    throw new AggregateError(problems, problems.map((problem) => problem.message).join('\n'))
  }
  return { platform, port: (await platform.listen()).port }
}

async function prepare(platform: Platform, { tenants = 1, demo = false }: TestPlatformOptions): Promise<void> {
  await platform.tenants.create({ kind: 'pool', name: 'Pool d’essai' }, OPERATOR)
  for (let number = 1; number <= tenants; number += 1) {
    // Large enough that a lone agent is not also its administrator, as in a small commune.
    const tenant = await platform.tenants.create({ kind: 'commune', name: `Commune ${number}`, slug: `commune-${number}`, population: 10_000 * number }, OPERATOR)
    await platform.installations.enableTogether(tenant.id, [...new Set(platform.catalogue.releases.map((release) => release.manifest.id))], OPERATOR)
    if (demo) await fill(platform, tenant.id)
  }
}

async function fill(platform: Platform, tenantId: string): Promise<void> {
  const tenant = platform.tenants.byId(tenantId)
  if (tenant === undefined) throw new RangeError(`This platform has no tenant "${tenantId}".`)
  for (const release of platform.installations.modules(tenantId).releases) await fillPlugin(platform, tenant, release)
}
