import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPlatform, fillPlugin, readConfig, type Asked, type TakenOut, type OutgoingMail, type LoadedRelease, type Outside, type Platform, type PluginSource } from '@liberacces/core'
import type { Manifest } from '@liberacces/sdk/host'
import { PlayedPartners } from '../partners/played-partners.ts'
import type { Partner } from '../partners/partner-description.ts'
import { TestClient, type TestAnswer } from '../testing/test-client.ts'
import { testOutside, type TestOutside } from '../testing/test-clock.ts'
import { CERTIFIER } from './certifier.ts'
import type { GroundTenant } from './ground-tenant.ts'
import { openPersonas } from './open-personas.ts'
import type { Persona } from './persona.ts'
import { RecordedLog } from './recorded-log.ts'

/** Rounds of deliveries and conversations until all is at rest. */
const MOST_ROUNDS = 500

/** What a throw-away platform is made of. */
export interface GroundOptions {
  /** Archives to install, those first that are needed by others. The last one is of the plugin under test. */
  readonly archives: readonly Buffer[]
  /** Plugins that the one under test needs, given in code. */
  readonly needed?: readonly PluginSource[]
  readonly manifest: Manifest
  /** Who answers to its connections once they are played. @defaultValue nobody */
  readonly partners?: readonly Partner[]
  readonly runtime: 'process' | 'inline'
  readonly seed: number
  /** How the platform departs from what is usual, as an operator would. */
  readonly env?: Readonly<Record<string, string>>
  /** Told of crash points. */
  readonly reached?: (point: string) => void | Promise<void>
  /** What is there already: then nothing is installed. */
  readonly template?: GroundTemplate
}

/** A platform as it was when nothing had been done with the plugin yet. */
export interface GroundTemplate {
  readonly folder: string
  readonly alpha: GroundTenant
  readonly beta: GroundTenant
}

/** A real kernel on temporary data with the plugin on two communes, and everything that can be seen of it. */
export interface Ground extends AsyncDisposable {
  readonly platform: Platform
  readonly manifest: Manifest
  readonly outside: TestOutside
  /** Who is at the other end of connections that are not HTTP. */
  readonly partners: PlayedPartners
  readonly log: RecordedLog
  readonly mails: readonly OutgoingMail[]
  /** What the plugin's process asked of the kernel; empty where it runs inline. */
  readonly asked: readonly Asked[]
  /** What the platform took out of the plugin's HTML, in that order. */
  readonly takenOut: readonly TakenOut[]
  /** Where it listens, on loopback. */
  readonly port: number
  readonly alpha: GroundTenant
  readonly beta: GroundTenant
  readonly folder: string
  /** How long each step of the start took, in milliseconds. */
  readonly took: { readonly installMs: number; readonly enableMs: number }
  /** The running release of the plugin at a tenant. @throws Error when it is not on */
  release(tenant?: GroundTenant): LoadedRelease
  /** A request as a persona, or as a visitor. */
  send(tenant: GroundTenant, who: Persona | undefined, method: string, path: string, more?: Parameters<TestClient['send']>[2]): Promise<TestAnswer>
  /** Delivers all events that are due, and runs schedules that are. */
  settle(): Promise<void>
  /** Moves the clock in milliseconds, then settles. */
  advance(ms: number): Promise<void>
  /** Fills a commune with the plugin's demonstration data. @returns whether it has some */
  fill(tenant: GroundTenant): Promise<boolean>
  /** Ends it as a power cut would, and starts it again on the same data. */
  crash(): Promise<void>
  /** Copies what it is now, for others to begin from. Nobody may be writing. */
  copyTo(folder: string): Promise<GroundTemplate>
}

/** Starts a platform, installs and switches on. Nothing is left of it once it is closed; where it throws, neither. */
export async function openGround(options: GroundOptions): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-certify-'))
  try {
    return await openIn(folder, options)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function openIn(folder: string, options: GroundOptions): Promise<Ground> {
  const { archives, needed = [], manifest, seed, template, partners: described = [] } = options
  if (template !== undefined) await cp(template.folder, join(folder, 'data'), { recursive: true })
  const partners = new PlayedPartners(described)
  const outside = Object.assign(testOutside(seed), { connect: partners.connect })
  const log = new RecordedLog()
  const mails: OutgoingMail[] = []
  const asked: Asked[] = []
  const takenOut: TakenOut[] = []
  const start = async (): Promise<{ readonly platform: Platform; readonly port: number }> => {
    const platform = await createPlatform({
      config: configOf(folder, options), plugins: needed, outside: withPoints(outside, options.reached), log: log.logger,
      mail: { send: async (mail) => { mails.push(mail) }, close: () => undefined }, asked: (one) => { if (one.plugin === manifest.id) asked.push(one) }, takenOut: (one) => { takenOut.push(one) },
    })
    return { platform, port: (await platform.listen()).port }
  }
  let running = await start()
  const stopping = async (): Promise<void> => {
    await running.platform.stop()
    partners.close()
  }
  try {
    const { alpha, beta, took } = template === undefined ? await prepare(running.platform, archives, manifest, seed) : { ...template, took: { installMs: 0, enableMs: 0 } }

    const settle = async (): Promise<void> => {
      const { scheduler, events, workers } = running.platform
      await scheduler.settle()
      // What a partner says may make events, and an event may have a partner say something. One that is asked without end is no reason to wait for ever.
      for (let before = '', rounds = 0; before !== `${events.stats.delivered} ${partners.moved}` && rounds < MOST_ROUNDS; rounds += 1) {
        before = `${events.stats.delivered} ${partners.moved}`
        await events.settle()
        await partners.delivered()
        await workers.settle()
      }
    }
    return {
      get platform() { return running.platform },
      get port() { return running.port },
      manifest, outside, partners, log, mails, asked, takenOut, alpha, beta, folder,
      took,
      release: (tenant = alpha) => {
        const found = running.platform.installations.modules(tenant.id).byId.get(manifest.id)
        if (found === undefined) throw new Error(`"${manifest.id}" is not on at ${tenant.slug}.`)
        return found
      },
      send: (tenant, who, method, path, more) => new TestClient(running.port, tenant.host, who === undefined ? {} : { token: who.token }).send(method, path, more),
      settle,
      async advance(ms) {
        outside.advance(ms)
        await settle()
      },
      async fill(tenant) {
        const release = running.platform.installations.modules(tenant.id).byId.get(manifest.id)
        const place = running.platform.tenants.byId(tenant.id)
        if (release === undefined || place === undefined || release.plugin.demo === undefined) return false
        for (const each of running.platform.installations.modules(tenant.id).releases) await fillPlugin(running.platform, place, each)
        return true
      },
      async crash() {
        await running.platform.storage.close()
        await running.platform.stop()
        running = await start()
      },
      async copyTo(copy) {
        // Locks and shared memory are of the process that has it open.
        await cp(join(folder, 'data'), copy, { recursive: true, filter: (path) => !/(?:-shm|\.sock|\/lock[^/]*|\.lock)$/.test(path) })
        return { folder: copy, alpha, beta }
      },
      async [Symbol.asyncDispose]() {
        await stopping()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await stopping()
    throw error
  }
}

async function prepare(platform: Platform, archives: readonly Buffer[], manifest: Manifest, seed: number): Promise<Pick<Ground, 'alpha' | 'beta' | 'took'>> {
  const begun = performance.now()
  for (const archive of archives) await platform.releases.take(archive, 'the plugin under test', CERTIFIER)
  const installed = performance.now()
  await platform.tenants.create({ kind: 'pool', name: 'Pool de certification' }, CERTIFIER)
  const tenants = { alpha: await commune(platform, 'alpha'), beta: await commune(platform, 'beta') }
  const others = platform.catalogue.manifests.map(({ id }) => id).filter((id) => id !== manifest.id)
  const enableAt = performance.now()
  for (const { id } of Object.values(tenants)) await platform.installations.enableTogether(id, [...new Set([...others, manifest.id])], CERTIFIER)
  const enabledAt = performance.now()
  return {
    alpha: { ...tenants.alpha, ...await openPersonas(platform, tenants.alpha, manifest, seed) },
    beta: { ...tenants.beta, ...await openPersonas(platform, tenants.beta, manifest, seed) },
    took: { installMs: installed - begun, enableMs: enabledAt - enableAt },
  }
}

function configOf(folder: string, { manifest, runtime, env = {} }: GroundOptions): ReturnType<typeof readConfig> {
  return readConfig({ PORT: '0', LIBERACCES_DATA: join(folder, 'data'), LIBERACCES_LOG: 'debug', LIBERACCES_BREAKER: 'off', LIBERACCES_RUNTIME_OF: `${manifest.id}=${runtime}`, ...env }, folder)
}

function withPoints(outside: TestOutside, reached: Outside['reached']): Outside {
  return reached === undefined ? outside : Object.assign(Object.create(outside) as TestOutside, { reached })
}

async function commune(platform: Platform, slug: 'alpha' | 'beta'): Promise<{ readonly slug: 'alpha' | 'beta'; readonly id: string; readonly host: string }> {
  const tenant = await platform.tenants.create({ kind: 'commune', name: slug === 'alpha' ? 'Commune d’Alpha' : 'Commune de Bêta', slug, population: 10_000 }, CERTIFIER)
  return { slug, id: tenant.id, host: tenant.hosts[0] ?? '' }
}
