import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPlatform, givenPlugin, loopbackPlugin, readConfig, testDatabase, type MailTransport, type Platform, type PluginSource } from '@liberacces/core'
import type { Plugin } from '@liberacces/sdk'
import { pino } from 'pino'
import { TestClient } from '../../src/testing/test-client.ts'
import { testOutside, type TestOutside } from '../../src/testing/test-clock.ts'

/** A line of the platform's log, parsed. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string }

/** Who does what tests do from outside of HTTP. */
export const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const
export const PASSWORD = 'a-long-enough-test-password'

export interface KernelOptions {
  readonly plugins: readonly (Plugin | PluginSource)[]
  /** Communes `commune-1`… @defaultValue 1 */
  readonly tenants?: number
  /** Ids to switch on, on every commune. @defaultValue every plugin that was taken in */
  readonly enable?: readonly string[]
  /** Longest that an upgrade waits for calls under way, in milliseconds. @defaultValue 10 000 */
  readonly drainMs?: number
  /** What the operator sets besides. */
  readonly env?: Readonly<Record<string, string>>
  /** Takes mails over. @defaultValue they wait */
  readonly mail?: MailTransport
  /** `real`: what goes to the outside leaves, for tests with servers of their own on this machine. @defaultValue `none` */
  readonly network?: 'none' | 'real'
}

/** A running kernel, with its log at hand and broken plugins allowed: what the test kit for plugins hides. */
export interface Kernel extends AsyncDisposable {
  readonly platform: Platform
  readonly outside: TestOutside
  readonly log: readonly LogLine[]
  readonly port: number
  tenantId(index?: number): string
  visitor(index?: number): TestClient
  /** With a session of a new account. `pool` is the Pool's own tenant. */
  as(roles: string | readonly string[], where?: number | 'pool'): Promise<TestClient>
  /** With an API token of a new account. */
  withToken(roles: string | readonly string[], index?: number): Promise<{ readonly client: TestClient; readonly token: string }>
  /** Stops in good order and starts again, with other plugins if given. */
  restart(plugins?: KernelOptions['plugins']): Promise<void>
  /** One connection to the first commune, over which several requests go; `closed` is all that came back, at its end. */
  connection(): { send(method: string, path: string): void; readonly closed: Promise<string> }
  /** Everything due is delivered and run. */
  settle(): Promise<void>
}

export async function startKernel({ plugins, tenants = 1, enable, drainMs = 10_000, env = {}, mail, network }: KernelOptions): Promise<Kernel> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-kernel-'))
  const database = await testDatabase()
  const outside = testOutside(1, network)
  const log: LogLine[] = []
  const start = (chosen: KernelOptions['plugins']) => boot(folder, chosen, outside, log, { drainMs, env, mail }, database?.url)
  let running = await start(plugins)
  await running.platform.tenants.create({ kind: 'pool', name: 'Pool d’essai' }, OPERATOR)
  for (let number = 1; number <= tenants; number += 1) {
    const tenant = await running.platform.tenants.create({ kind: 'commune', name: `Commune ${number}`, slug: `commune-${number}` }, OPERATOR)
    const ids = enable ?? [...new Set(running.platform.catalogue.releases.map((release) => release.manifest.id))]
    if (ids.length > 0) await running.platform.installations.enableTogether(tenant.id, ids, OPERATOR)
  }
  const found = (where: number | 'pool') => {
    const tenant = where === 'pool' ? running.platform.tenants.pool() : running.platform.tenants.bySlug(`commune-${where + 1}`)
    if (tenant === undefined) throw new RangeError(`There is no tenant ${where}.`)
    return { id: tenant.id, host: tenant.hosts[0] ?? '' }
  }
  let people = 0
  const account = async (tenantId: string, roles: string | readonly string[]): Promise<string> => {
    people += 1
    return (await running.platform.accounts.create(tenantId, { login: `person-${people}`, name: `Personne ${people}`, password: PASSWORD, roles: typeof roles === 'string' ? [roles] : roles }, OPERATOR)).id
  }
  return {
    get platform() { return running.platform },
    get port() { return running.port },
    outside,
    log,
    tenantId: (index = 0) => found(index).id,
    visitor: (index = 0) => new TestClient(running.port, found(index).host),
    async as(roles, where = 0) {
      const { id, host } = found(where)
      const session = await running.platform.sessions.open(id, await account(id, roles))
      return new TestClient(running.port, host, { cookie: { name: 'liberacces_session', value: session.token } })
    },
    async withToken(roles, index = 0) {
      const { id, host } = found(index)
      const { token } = await running.platform.apiTokens.create(id, await account(id, roles), { label: 'test' }, OPERATOR)
      return { client: new TestClient(running.port, host, { token }), token }
    },
    async restart(others = plugins) {
      await running.platform.stop()
      running = await start(others)
    },
    connection() {
      const { host } = found(0)
      const socket = connect(running.port, '127.0.0.1')
      let text = ''
      socket.on('data', (chunk) => { text += String(chunk) })
      return {
        send: (method, path) => { socket.write(`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\naccept: application/json\r\n\r\n`) },
        closed: once(socket, 'close').then(() => text),
      }
    },
    async settle() {
      await running.platform.scheduler.settle()
      await running.platform.events.settle()
    },
    async [Symbol.asyncDispose]() {
      const closings = await running.platform.stop()
      await rm(folder, { recursive: true, force: true })
      await database?.drop()
      const failed = closings.filter((closing) => closing.error !== undefined)
      if (failed.length > 0) throw new AggregateError(failed.map((closing) => closing.error), failed.map((closing) => closing.label).join(', '))
    },
  }
}

/** The same tests run with plugins that are reached as if they were in processes of their own. */
const runsByLoop = process.env['LIBERACCES_TEST_RUNTIME'] === 'loopback'

async function boot(folder: string, plugins: KernelOptions['plugins'], outside: TestOutside, log: LogLine[], { drainMs, env, mail }: { readonly drainMs: number; readonly env: Readonly<Record<string, string>>; readonly mail: MailTransport | undefined }, databaseUrl: string | undefined): Promise<{ readonly platform: Platform; readonly port: number }> {
  const platform = await createPlatform({
    config: readConfig({ ...env, PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_DATABASE_URL: databaseUrl }, folder),
    plugins: plugins.map((plugin) => ('load' in plugin ? plugin : runsByLoop ? loopbackPlugin(plugin) : givenPlugin(plugin))),
    outside,
    drainMs,
    ...(mail === undefined ? {} : { mail }),
    log: pino({ level: 'info', base: null }, { write: (line: string) => { log.push(JSON.parse(line) as LogLine) } }),
  })
  return { platform, port: (await platform.listen()).port }
}
