import { access, readdir, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { createPlatform, PlatformError, pluginsUnder, readConfig, type MailTransport, type Platform, type PluginSource } from '@liberacces/core'
import { addressOf, createLog, demoAccountsPath, demoWelcome, fillDemo, lockDataFolder, refreshDemoAddresses, refuseTakenPort, runnerOn, startControlServer } from '@liberacces/core/development'
import { packPlugin, type PackedPlugin } from '../pack/pack-plugin.ts'
import { Changes } from './changes.ts'
import { developmentLabel, DevPlugin, type Reloaded } from './dev-plugin.ts'
import { problemLines } from './problem-lines.ts'

/** How a plugin is developed. */
export interface DevelopmentOptions {
  /** Of its package, absolute. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** @defaultValue `.liberacces` in its folder */
  readonly data?: string | undefined
  /** Forgets the data of before. @defaultValue false */
  readonly fresh?: boolean | undefined
  /** Runs it in a process of its own behind the walls, as an installed archive runs, instead of inline. @defaultValue false */
  readonly process?: boolean | undefined
  /** Folder with other plugins, which are on too. @defaultValue none */
  readonly plugins?: string | undefined
  /** A line for the terminal. */
  readonly say: (text: string) => void
  /** Ends it. */
  readonly signal: AbortSignal
  /** Told of each reload; the first comes before anything is served. */
  readonly reloaded?: ((how: Reloaded, port: number | undefined) => void) | undefined
}

/** Two communes of the demonstration are enough to see that one does not see the other. */
const AREA = { epci: '241700434', communes: ['17300', '17028'], satellites: [] } as const

/**
 * Runs a platform with demonstration tenants and one plugin, which is reloaded whenever its sources change. Resolves once it was ended and everything is closed.
 * @throws PlatformError `CONFIG_INVALID`, `DATA_LOCKED`
 */
export async function develop(options: DevelopmentOptions): Promise<void> {
  const { folder, say, signal } = options
  const data = options.data ?? join(folder, '.liberacces')
  await requirePackage(folder)
  if (options.fresh === true) await forgetData(data)
  await using changes = await Changes.of(folder)
  const first = await firstBuild(options, changes)
  if (first === undefined) return
  const config = readConfig({ ...options.env, LIBERACCES_DATA: data, ...(options.process === true ? {} : { LIBERACCES_RUNTIME_OF: [`${first.manifest.id}=inline`, options.env['LIBERACCES_RUNTIME_OF']].filter(Boolean).join(',') }) }, folder)
  await refuseTakenPort(config)
  let plugin: DevPlugin | undefined
  const platform = await createPlatform({
    config, plugins: await othersUnder(options), mail: mailsShown(say), drainMs: 2_000,
    announcement: () => plugin?.announcement, log: createLog(options.env['LIBERACCES_LOG'] ? config.logLevel : 'warn', process.stderr),
  })
  const control = await startControlServer(config.dataFolder, runnerOn(platform))
  try {
    await fillDemo(platform, { area: AREA, addressOf: (slug) => addressOf(slug, config, config.port), signal, progress: { tenant: ({ info }) => { say(`${info.name} is ready.`) }, problem: ({ message, fix }) => { say(`${message} ${fix}`) } } })
    const developed = plugin = new DevPlugin({ folder, platform, first: await afterOlder(platform, folder, first) })
    tell(say, await reloadOnce(developed, options, undefined))
    if (signal.aborted) return
    const { port } = await platform.listen()
    welcome(platform, port, first, say)
    await followSources(developed, changes, options, port)
  } finally {
    await control.stop()
    for (const { label, error } of await platform.stop()) if (error !== undefined) say(`${label} did not close in good order: ${problemLines(error).join(' ')}`)
  }
}

/** Until the end: each change of the sources is a reload, one after the other; changes during one make one more. */
async function followSources(plugin: DevPlugin, changes: Changes, options: DevelopmentOptions, port: number): Promise<void> {
  for (;;) {
    await changes.next(options.signal)
    if (options.signal.aborted) return
    tell(options.say, await reloadOnce(plugin, options, port))
  }
}

async function reloadOnce(plugin: DevPlugin, { reloaded }: DevelopmentOptions, port: number | undefined): Promise<Reloaded> {
  const how = await plugin.reload()
  reloaded?.(how, port)
  return how
}

/** @throws PlatformError `CONFIG_INVALID` for a folder in which waiting would not help */
async function requirePackage(folder: string): Promise<void> {
  await access(join(folder, 'package.json')).catch((cause: unknown) => {
    throw new PlatformError('CONFIG_INVALID', `${folder} is no plugin: it has no package.json.`, { fix: 'Give the folder of a plugin\'s package, or make one: `npm create liberacces-plugin`.', cause })
  })
}

/** @throws PlatformError `CONFIG_INVALID` for a folder that holds something else, `DATA_LOCKED` while a platform runs on it */
async function forgetData(data: string): Promise<void> {
  const there: readonly string[] = await readdir(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (there.length === 0) return
  if (!there.includes('platform.sqlite')) throw new PlatformError('CONFIG_INVALID', `${data} holds no data of a platform, so that --fresh does not take it away.`, { fix: 'Give another folder with --data.' })
  lockDataFolder(data)()
  await rm(data, { recursive: true, force: true })
}

/** Builds until it goes well, for without an id there is no platform to start. `undefined` when it was ended meanwhile. */
async function firstBuild({ folder, say, signal, reloaded }: DevelopmentOptions, changes: Changes): Promise<PackedPlugin | undefined> {
  while (!signal.aborted) {
    try {
      return await packPlugin(folder, { development: developmentLabel(1) })
    } catch (error) {
      const problems = problemLines(error)
      reloaded?.({ kind: 'failed', serving: undefined, problems }, undefined)
      say(['The sources cannot be used as they are; the platform starts once they can.', ...problems.map((line) => `  ${line}`)].join('\n'))
      await changes.next(signal)
    }
  }
  return undefined
}

/** The first build under a number that no release of an earlier session has. */
async function afterOlder({ catalogue }: Platform, folder: string, first: PackedPlugin): Promise<PackedPlugin> {
  const numbers = catalogue.find(first.manifest.id).map(({ version }) => Number(/-dev\.(\d+)$/.exec(version)?.[1] ?? 0))
  return numbers.length === 0 ? first : packPlugin(folder, { development: developmentLabel(Math.max(...numbers) + 1) })
}

async function othersUnder({ folder, plugins }: DevelopmentOptions): Promise<readonly PluginSource[]> {
  if (plugins === undefined) return []
  return (await pluginsUnder(plugins)).filter(({ name }) => resolve(name) !== resolve(folder))
}

/** Mails stay here: they are shown. */
function mailsShown(say: (text: string) => void): MailTransport {
  return {
    async send({ to, subject, text }) { say([`Mail to ${[to].flat().join(', ')}: ${subject}`, ...text.split('\n').map((line) => `  ${line}`)].join('\n')) },
    close: () => undefined,
  }
}

function welcome({ config }: Platform, port: number, { manifest }: PackedPlugin, say: (text: string) => void): void {
  const accounts = refreshDemoAddresses(config.dataFolder, (slug) => addressOf(slug, config, port))
  say(demoWelcome({ pool: addressOf('pool', config, port), accountsFile: demoAccountsPath(config.dataFolder), accounts }))
  say(`${manifest.id}: ${addressOf('la-rochelle', config, port)}/apps/${manifest.path}/`)
  say(`Commands of the platform: liberacces --data ${basename(config.dataFolder)} …`)
}

function tell(say: (text: string) => void, how: Reloaded): void {
  if (how.kind === 'serving') {
    say([`${how.version} serves after ${how.ms} ms.${how.migrations.length === 0 ? '' : ` Migrations that ran: ${how.migrations.join(', ')}.`}`, ...how.notes.map((note) => `  ${note}`)].join('\n'))
  } else {
    say([`The sources cannot be used as they are; ${how.serving === undefined ? 'nothing is served' : `${how.serving} goes on serving`}.`, ...how.problems.map((line) => `  ${line}`)].join('\n'))
  }
}
