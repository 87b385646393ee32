import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { v7 } from 'uuid'
import { unmatchedGroups } from '../catalogue/unmatched-groups.ts'
import { loadCatalogue, type Catalogue } from '../catalogue/catalogue.ts'
import { openReleases } from '../catalogue/open-releases.ts'
import { NOBODY_CALLED, type Connect } from '../catalogue/described-release.ts'
import type { PluginSource } from '../catalogue/plugin-source.ts'
import { createReleaseFolder, type ReleaseFolder } from '../catalogue/release-folder.ts'
import type { OutsideRunner } from '../catalogue/runs-in.ts'
import { sharedReleases } from '../catalogue/shared-releases.ts'
import { isLocalDomain, type Config } from '../config.ts'
import type { Container } from '../container.ts'
import { PluginHealth, type HealthRules } from '../health/plugin-health.ts'
import type { Front } from '../http/front.ts'
import { createTraces, type Traces } from '../http/traceparent.ts'
import { KERNEL_ID } from '../identity/kernel-permissions.ts'
import { deriveKey, openServerSecret } from '../identity/server-secret.ts'
import { recoverLeaving } from '../leaving/recover-leaving.ts'
import type { Locks } from '../locks/locks.ts'
import { createPostgresLocks } from '../locks/postgres-locks.ts'
import { createProcessLocks } from '../locks/process-locks.ts'
import type { MailTransport } from '../mail/mail-transport.ts'
import { createSmtpTransport } from '../mail/smtp-transport.ts'
import type { WatchAsked } from '../process/asked.ts'
import { createOutsideLoader, type OutsideDeps } from '../process/outside-loader.ts'
import { plainHealth } from '../process/plain-health.ts'
import type { Peers } from '../lifecycle/peers.ts'
import type { Bulletin } from '../nodes/bulletin.ts'
import { connectionName, type Life, type LifeTimes } from '../nodes/life.ts'
import { workTeller, type NodeWork } from '../nodes/node-work.ts'
import type { Outside } from '../outside.ts'
import type { WatchTakenOut } from '../pages/foreign/foreign-place.ts'
import { sanitizeHtml } from '../pages/foreign/sanitize-html.ts'
import { Gates } from '../runtime/gates.ts'
import type { Scope } from '../scope.ts'
import type { BlobStore } from '../storage/files/blob-store.ts'
import { lockDataFolder } from '../storage/data-folder-lock.ts'
import { requireWritable } from '../storage/data-folder.ts'
import { createKeptFiles } from '../storage/kept-files.ts'
import { OWN_FILES } from '../storage/own-files.ts'
import type { SharedFiles } from '../storage/shared-files.ts'
import { openBlobs } from '../storage/open-blobs.ts'
import { descriptorsForStores } from '../storage/open-files.ts'
import { openStorage } from '../storage/open-storage.ts'
import { parseDatabaseUrl } from '../storage/postgres/database-address.ts'
import { DatabaseSession } from '../storage/postgres/database-session.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tracer } from '../tracing/tracer.ts'
import { openNode } from './open-node.ts'
import { AUDIT, QUOTAS, TENANTS } from './tokens.ts'

/** What the kernel's services stand on: there before the first of them is made. */
export interface Base {
  readonly config: Config
  readonly outside: Outside
  readonly log: Logger
  /** Owns what is opened from here on. */
  readonly scope: Scope
  readonly storage: Storage
  /** The connection that this node keeps to a database of several nodes; left out where there is one process. */
  readonly session: DatabaseSession | undefined
  /** Over all nodes. */
  readonly locks: Locks
  /** Tells what other nodes have changed. */
  readonly bulletin: Bulletin
  /** What the bytes of files lie on. */
  readonly blobs: BlobStore
  /** Where other nodes find what lies in the data folder. */
  readonly shared: SharedFiles
  /** What {@link Base.shared} is, or would be, or was. */
  readonly kept: SharedFiles
  readonly peers: Peers
  /** This process among the nodes; left out where there is one only. */
  readonly life: Life | undefined
  /** From now on what others change is read. */
  readonly startHearing: () => void
  /** What may run, and what goes wrong. */
  readonly health: PluginHealth
  readonly catalogue: Catalogue
  /** Where releases run that are only looked at, when that is not here. */
  readonly trialRunner: OutsideRunner
  readonly releaseFolder: ReleaseFolder
  /** Has releases that run elsewhere called there, once somebody says how. */
  readonly elsewhere: { connect: Connect }
  /** What keys are derived from. */
  readonly secret: Uint8Array
  readonly gates: Gates
  readonly traces: Traces
  /** Sends spans on; none when nobody is told to where. */
  readonly tracer: Tracer | undefined
  /** The way out of mails; without a transport they wait. */
  readonly mail: { readonly transport: MailTransport | undefined; readonly from: string | undefined }
  /** Whether people come by https. */
  readonly secure: boolean
  /** What every page says. */
  readonly announcement: () => string | undefined
  /** Who answers requests, once someone does, and the port that is really listened on. */
  readonly serving: { front?: Front; port: number; died?: () => void; loaded?: () => readonly { readonly id: string; readonly version: string }[] }
  /** What this process is at; of the time since it was asked before. */
  readonly work: () => NodeWork
}

interface Deps extends Pick<Base, 'config' | 'outside' | 'log' | 'scope' | 'announcement'> {
  readonly plugins: readonly PluginSource[]
  readonly mail: MailTransport | undefined
  readonly nodeTimes: LifeTimes | undefined
  readonly healthRules: HealthRules
  /** Told of each question that plugins in processes of their own ask. */
  readonly asked: WatchAsked | undefined
  readonly takenOut: WatchTakenOut | undefined
  /** The services, once there are some. */
  readonly services: Container
}

/** Takes the data folder, opens the storage, brings to an end what leaving left there, and loads what runs. */
export async function openBase({ config, outside, log, scope, plugins, mail, announcement, nodeTimes, healthRules, asked, takenOut, services }: Deps): Promise<Base> {
  const { dataFolder: folder } = config
  await requireWritable(folder)
  scope.defer('lock of the data folder', lockDataFolder(folder))
  const secret = await openServerSecret({ dataFolder: folder, secretFile: config.secretFile, outside })
  const nodeId = v7({ msecs: Date.now(), random: outside.randomBytes(16) })
  const storage = await openStorage({
    folder, outside, log, openFilesLimit: descriptorsForStores, databaseUrl: config.databaseUrl, secret: deriveKey(secret, 'database'), applicationName: connectionName(nodeId), node: nodeId,
  })
  scope.defer('storage', () => storage.close())
  const tracer = await openTracer(config.tracing, outside, scope)
  const serving: Base['serving'] = { port: config.port }
  const gates = new Gates()
  const work = workTeller({ requests: () => serving.front?.requests ?? 0, calls: () => gates.insideOfAll, loaded: () => serving.loaded?.() ?? [] })
  const node = await openNode({ work, config, nodeId, secret, storage, outside, log, scope, gates, died: () => { serving.died?.() }, times: nodeTimes })
  const session = config.databaseUrl === undefined ? undefined : await DatabaseSession.open({ address: parseDatabaseUrl(config.databaseUrl), log, applicationName: connectionName(nodeId) })
  if (session !== undefined) scope.defer('session with the database', () => session.close())
  const locks = session === undefined ? createProcessLocks() : createPostgresLocks(session)
  scope.defer('locks', () => locks.close())
  const blobs = await openBlobs({ dataFolder: folder, address: config.files, newId: () => v7({ msecs: outside.now(), random: outside.randomBytes(16) }) })
  await recoverLeaving({ storage, blobs, dataFolder: folder, log })
  const kept = createKeptFiles({ storage, outside })
  const shared = node.life === undefined ? OWN_FILES : kept
  const releaseFolder = sharedReleases(createReleaseFolder(join(folder, 'releases'), outside.reached), shared)
  const health: PluginHealth = await PluginHealth.open({ storage, outside, log, place: placeOf(folder), rules: { breaker: config.breaker, ...healthRules } }, {
    audit: () => services.get(AUDIT), poolId: () => services.get(TENANTS).pool()?.id ?? KERNEL_ID, versionsOf: (pluginId) => catalogue.find(pluginId).map(({ version }) => version),
  })
  const elsewhere: Base['elsewhere'] = { connect: () => NOBODY_CALLED }
  const outsideDeps: Omit<OutsideDeps, 'health'> = {
    dialect: storage.dialect, dataFolder: folder, now: () => outside.now(), isMachineTime: outside.now === Date.now, randomBytes: (length) => outside.randomBytes(length),
    cpu: () => services.get(QUOTAS).cpu, walls: config.walls, sanitize: takenOut === undefined ? sanitizeHtml : (html, place) => sanitizeHtml(html, { ...place, takenOut }), log, asked,
  }
  const runner: OutsideRunner = { choice: config.runtime, loader: createOutsideLoader({ ...outsideDeps, health, groups: config.processGroups }) }
  // What is only looked at must not count as a crash of what runs, nor come near it.
  const trialRunner: OutsideRunner = { choice: config.runtime, loader: createOutsideLoader({ ...outsideDeps, health: plainHealth(() => outside.now()) }) }
  const sources = [...plugins, ...await openReleases(storage, releaseFolder, (manifest) => elsewhere.connect(manifest), log)]
  const catalogue = await loadCatalogue(sources, scope, undefined, runner)
  serving.loaded = () => catalogue.manifests.filter(({ id, version }) => catalogue.release(id, version) !== undefined)
  tellWhatIsAmiss(catalogue, log)
  const unmatched = unmatchedGroups(config.processGroups, sources)
  if (unmatched.length > 0) log.warn({ plugins: unmatched }, 'LIBERACCES_PROCESS_GROUPS names plugins that are not here: one from an archive is named by its id, one of the plugins folder by its folder')

  const transport = mail ?? (config.smtpUrl === undefined ? undefined : createSmtpTransport(config.smtpUrl))
  if (transport !== undefined) scope.defer('mail', () => { transport.close() })
  const from = config.mailFrom ?? (mail === undefined ? undefined : `noreply@${config.baseDomain}`)

  return {
    config, outside, log, scope, storage, blobs, shared, kept, session, locks, health, catalogue, trialRunner, releaseFolder, elsewhere, secret,
    bulletin: node.bulletin, peers: node.peers, life: node.life, startHearing: () => { node.start() },
    gates, serving, work,
    traces: createTraces(outside), tracer,
    mail: { transport, from },
    secure: !isLocalDomain(config.baseDomain),
    announcement,
  }
}

/** The libraries are read where traces are sent, and not at every start. */
async function openTracer(config: Config['tracing'], outside: Outside, scope: Scope): Promise<Tracer | undefined> {
  if (config === undefined) return undefined
  const { openOtlpTracer } = await import('../tracing/otlp-tracer.ts')
  const tracer = await openOtlpTracer({ config, hex: (digits) => Buffer.from(outside.randomBytes(Math.ceil(digits / 2))).toString('hex').slice(0, digits) })
  scope.defer('traces', () => tracer.close())
  return tracer
}

/** What a node is called by its crashes: it keeps that name when its process is another one. */
function placeOf(dataFolder: string): string {
  return `${hostname()} ${createHash('sha256').update(dataFolder).digest('hex').slice(0, 8)}`
}

function tellWhatIsAmiss(catalogue: Catalogue, log: Logger): void {
  for (const { source, problems } of catalogue.rejected) for (const problem of problems) log.error({ source, code: problem.code, fix: problem.fix }, problem.message)
  for (const { manifest, process } of catalogue.releases) {
    if (manifest.runtime !== 'inline' && process === undefined) log.warn({ plugin: manifest.id, asked: manifest.runtime }, 'this plugin asked for a process of its own and runs in the platform’s: run it there only if you trust it')
  }
}
