import { createHmac } from 'node:crypto'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { deriveKey } from '../identity/server-secret.ts'
import { NO_PEERS, type Peers } from '../lifecycle/peers.ts'
import { LonelyBulletin, type Bulletin } from '../nodes/bulletin.ts'
import { Life, type LifeTimes } from '../nodes/life.ts'
import { NodeConnection } from '../nodes/node-connection.ts'
import { NodePeers } from '../nodes/node-peers.ts'
import { ToldBulletin } from '../nodes/told-bulletin.ts'
import type { Outside } from '../outside.ts'
import { platformVersion } from '../platform-version.ts'
import type { Gates } from '../runtime/gates.ts'
import type { Scope } from '../scope.ts'
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
}

/**
 * Takes this process's place among the nodes of a database.
 * @throws PlatformError `CONFIG_INVALID` when another node was told something else that must be the same
 */
export async function openNode({ config, nodeId, secret, storage, outside, log, scope, gates, died, times }: Deps): Promise<NodeBase> {
  if (config.databaseUrl === undefined) return { bulletin: new LonelyBulletin(), peers: NO_PEERS, start: () => undefined }
  const address = parseDatabaseUrl(config.databaseUrl)
  const bulletin = new ToldBulletin({ echo: (text) => life.echo(text), log })
  const life: Life = await Life.begin({
    id: nodeId, version: platformVersion(), clock: Date.now, random: (length) => outside.randomBytes(length), log, ...(times === undefined ? {} : { times }),
    marks: { LIBERACCES_SECRET_FILE: createHmac('sha256', deriveKey(secret, 'mark of the node')).update('secret').digest('hex').slice(0, 16), LIBERACCES_BASE_DOMAIN: config.baseDomain },
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
