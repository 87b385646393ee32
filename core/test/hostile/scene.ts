import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../src/http/log.ts'
import { createPlatform, givenPlugin, readConfig, type Platform } from '../../src/index.ts'
import type { Known } from './evil-plugin.ts'
import { startListeners, type Listeners } from './listeners.ts'
import { goodNeighbour } from './neighbours/good-neighbour.ts'
import { Neighbourhood, type Place } from './neighbours/neighbourhood.ts'
import { bundlePlugins, packPlugin, type Packing } from './pack-plugins.ts'
import { ask, type Answer } from './ask.ts'

const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const

/** One line of the log. */
export interface LogLine {
  readonly level: string
  readonly msg?: string
  readonly plugin?: string
}

/** A live kernel with well-behaved plugins on two tenants, at which evil ones are let loose. */
export interface Scene extends AsyncDisposable {
  readonly platform: Platform
  readonly neighbourhood: Neighbourhood
  readonly listeners: Listeners
  readonly places: readonly [Place & { readonly id: string }, Place & { readonly id: string }]
  /** What an evil could know: true addresses of all that it must not reach. */
  readonly known: Known
  /** What nobody may ever get to see: contents of the kernel's files, of its environment, of another plugin's data. */
  readonly secrets: readonly string[]
  /** Lines of the log since the scene began. */
  readonly log: readonly LogLine[]
  /** Packs and installs a plugin, as `liberacces plugin install` does. @returns its id @throws PlatformError what the platform has against it */
  install(code: string, packing?: Packing): Promise<string>
  /** The same with an archive as it is. */
  installArchive(archive: Uint8Array): Promise<string>
  /** Switches an installed plugin on, on both tenants. */
  enable(pluginId: string): Promise<void>
  disable(pluginId: string): Promise<void>
  ask(path: string, place?: Place): Promise<Answer>
  /** What the operators' page says of a plugin, as text. */
  operatorsPage(pluginId: string): Promise<string>
  /** Names of what lies where only evil would have left it. */
  left(): Promise<readonly string[]>
}

/**
 * @param env - what the operator sets besides
 */
export async function startScene(env: Readonly<Record<string, string>> = {}): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-hostile-'))
  const data = join(folder, 'data')
  const open = join(folder, 'open')
  await mkdir(open, { mode: 0o777 })
  await mkdir(data, { mode: 0o700 })
  await writeFile(join(open, 'precious'), 'precious')
  const secrets = { server: randomBytes(32).toString('hex'), env: mark('environment'), upload: mark('upload') }
  const secretFile = join(folder, 'operator-secret')
  await writeFile(secretFile, secrets.server, { mode: 0o600 })
  process.env['OPERATOR_SECRET'] = secrets.env
  const listeners = await startListeners(folder)
  const log: LogLine[] = []
  const stream = {
    write: (line: string) => {
      log.push(JSON.parse(line) as LogLine)
      if (process.env['HOSTILE_LOG'] !== undefined) process.stderr.write(line.slice(0, 2_000))
    },
  }
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', LIBERACCES_DATA: data, LIBERACCES_SECRET_FILE: secretFile, LIBERACCES_LOG: 'info', ...env }, folder),
    plugins: [givenPlugin(goodNeighbour('inline'))], log: createLog('info', stream),
  })
  const packages = join(folder, 'packages')
  await mkdir(packages)
  const installArchive = async (archive: Uint8Array): Promise<string> => {
    const path = join(packages, `${randomBytes(6).toString('hex')}.tgz`)
    await writeFile(path, archive)
    return (await platform.releases.install(path, '/', OPERATOR)).id
  }
  const install = async (code: string, packing?: Packing): Promise<string> => installArchive(await packPlugin(code, packing))
  const pool = await platform.tenants.create({ kind: 'pool', name: 'Pool d’essai' }, OPERATOR)
  const operator = await platform.accounts.create(pool.id, { login: 'operator', name: 'Opératrice', password: randomBytes(12).toString('hex'), roles: ['pool-admin'] }, OPERATOR)
  const { token: session } = await platform.sessions.open(pool.id, operator.id)
  const place = async (slug: string): Promise<Place & { readonly id: string }> => {
    const tenant = await platform.tenants.create({ kind: 'commune', name: slug, slug, population: 10_000 }, OPERATOR)
    return { slug, host: tenant.hosts[0] ?? '', id: tenant.id }
  }
  const places = [await place('une'), await place('deux')] as const
  const { port } = await platform.listen()
  const both = async (act: (tenantId: string) => Promise<unknown>): Promise<void> => { for (const { id } of places) await act(id) }
  await install((await bundlePlugins(['neighbours/good-process.ts'])).get('good-process') ?? '')
  await both((id) => platform.installations.enableTogether(id, ['fr.good.inline', 'fr.good.process'], OPERATOR))
  const neighbourhood = new Neighbourhood(port, places)
  await neighbourhood.start()
  const stored = await platform.files.of({ tenantId: places[0].id, pluginId: 'fr.good.inline' }).put(Buffer.from(secrets.upload), { name: 'upload.txt', type: 'text/plain' })

  return {
    platform, neighbourhood, listeners, places, log,
    secrets: Object.values(secrets),
    known: {
      files: ['/etc/passwd', secretFile, ...(await kernelFiles(data))], places: [open, data],
      tcp: listeners.tcp, udp: listeners.udp, dns: listeners.dns, unix: listeners.unix, pids: [process.pid, process.ppid], tenantId: places[1].id, fileId: stored.id,
    },
    install, installArchive,
    enable: (pluginId) => both((id) => platform.installations.enable(id, pluginId, '*', OPERATOR)),
    disable: (pluginId) => both((id) => platform.installations.disable(id, pluginId, OPERATOR)),
    ask: (path, { host } = places[0]) => ask(port, host, path),
    operatorsPage: async (pluginId) => (await ask(port, pool.hosts[0] ?? '', `/etat/${pluginId}`, 'text/html', session)).text.replaceAll(/<[^>]+>/g, ' '),
    left: async () => [
      ...(await readdir(open)).filter((name) => name !== 'precious'),
      ...(await readdir(data, { recursive: true })).filter((name) => name.includes('evil-')),
      ...((await readFile(join(open, 'precious'), 'utf8').catch(() => '')) === 'precious' ? [] : ['the precious file is gone']),
      ...['/tmp/evil-14'].filter((path) => existsSync(path)),
    ],
    async [Symbol.asyncDispose]() {
      await neighbourhood.stop()
      const failed = (await platform.stop()).filter(({ error }) => error !== undefined)
      await listeners[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
      delete process.env['OPERATOR_SECRET']
      if (failed.length > 0) throw new AggregateError(failed.map(({ error }) => error), `The platform did not close cleanly: ${failed.map(({ label }) => label).join(', ')}.`)
    },
  }
}

function mark(what: string): string {
  return `canary-${what}-${randomBytes(9).toString('hex')}`
}

/** Files of the kernel and of plugins, one of each kind. */
async function kernelFiles(data: string): Promise<readonly string[]> {
  const files = (await readdir(data, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const kinds = new Map(files.map((file) => [file.replace(/.*\.(\w+)$/, '$1').replace(/.*\//, ''), file]))
  return [...kinds.values()].slice(0, 5)
}
