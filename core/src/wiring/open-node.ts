import { createHmac } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { deriveKey } from '../identity/server-secret.ts'
import { NO_PEERS, type Peers } from '../lifecycle/peers.ts'
import { LonelyBulletin, type Bulletin } from '../nodes/bulletin.ts'
import { Life, type LifeTimes } from '../nodes/life.ts'
import { NodeConnection } from '../nodes/node-connection.ts'
import type { NodeWork } from '../nodes/node-work.ts'
import { NodePeers } from '../nodes/node-peers.ts'
import { ToldBulletin } from '../nodes/told-bulletin.ts'
import type { Outside } from '../outside.ts'
import { platformVersion } from '../platform-version.ts'
import type { Gates } from '../runtime/gates.ts'
import type { Scope } from '../scope.ts'
import { showS3Address } from '../storage/files/s3/s3-address.ts'
import { filesFolder } from '../storage/open-blobs.ts'
import { parseDatabaseUrl } from '../storage/postgres/database-address.ts'
import type { Storage } from '../storage/storage.ts'

/** What this process is among the nodes of the platform. */
export interface NodeBase {
  readonly bulletin: Bulletin
  readonly peers: Peers
  /** Left out where there are no others: on SQLite. */
  readonly life?: Life
  /** From now on what others change is read, by those that hold it. */
  start(): void
}

interface Deps {
  readonly config: Config
  readonly storage: Storage
  readonly outside: Outside
  readonly log: Logger
  readonly scope: Scope
  readonly gates: Gates
  readonly nodeId: string
  readonly secret: Uint8Array
  /** Told of nodes that died. */
  readonly died: () => void
  readonly times: LifeTimes | undefined
  /** What it is at. */
  readonly work: () => NodeWork
}

/**
 * Takes this process's place among the nodes of a database.
 * @throws PlatformError `CONFIG_INVALID` when another node was told something else that must be the same
 */
export async function openNode({ config, nodeId, secret, storage, outside, log, scope, gates, died, times, work }: Deps): Promise<NodeBase> {
  if (config.databaseUrl === undefined) return { bulletin: new LonelyBulletin(), peers: NO_PEERS, start: () => undefined }
  const address = parseDatabaseUrl(config.databaseUrl)
  const bulletin = new ToldBulletin({ echo: (text) => life.echo(text), log })
  const mark = (text: string): string => createHmac('sha256', deriveKey(secret, 'mark of the node')).update(text).digest('hex').slice(0, 16)
  const life: Life = await Life.begin({
    work, id: nodeId, version: platformVersion(), clock: Date.now, random: (length) => outside.randomBytes(length), log, ...(times === undefined ? {} : { times }),
    marks: { LIBERACCES_SECRET_FILE: mark('secret'), LIBERACCES_BASE_DOMAIN: config.baseDomain, LIBERACCES_FILES: await markOfFiles(config, mark) },
    advice: { LIBERACCES_FILES: 'Several nodes need one place for files: set LIBERACCES_FILES=s3://bucket/prefix and AWS_ENDPOINT_URL to the same on all of them, and bring files that lie on a disk there with `liberacces migrate-files` first.' },
    connect: (name, events) => NodeConnection.open(address, name, events),
    heard: (payload) => { bulletin.heard(payload) },
    connected: (isAgain) => { bulletin.connected(isAgain) },
    lost: () => { bulletin.lost() },
    buried: died,
  })
  scope.defer('node', async () => {
    bulletin.close()
    await life.end()
  })
  gates.heed(life)
  const peers = new NodePeers({ own: nodeId, storage, bulletin })
  bulletin.register(peers.held)
  return { bulletin, peers, life, start: () => { bulletin.start() } }
}

/** Says where files lie, as far as two nodes must agree on it. A disk is that of its machine: no other one sees it. */
async function markOfFiles({ files, dataFolder }: Config, mark: (text: string) => string): Promise<string> {
  if (files !== undefined) {
    const place = `${showS3Address(files)} at ${files.endpoint}`
    return `${mark(place)} ${place}`
  }
  const folder = filesFolder(dataFolder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return `${mark(`${hostname()}\0${await realpath(folder)}`)} the disk of ${hostname()}`
}
