import { hostname } from 'node:os'
import { dutiesOfNodes, type NodeDuties } from '../nodes/node-duties.ts'
import type { NodeInfo } from '../nodes/node.ts'
import { platformVersion } from '../platform-version.ts'
import type { Base } from './base.ts'

/** Where a process is that listens on all addresses of its machine. */
const ALL_ADDRESSES: ReadonlySet<string> = new Set(['0.0.0.0', '::', ''])

/** The processes on this platform; where there can be no others, this one. */
export async function nodesOf({ life, serving, work, config }: Pick<Base, 'life' | 'serving' | 'work' | 'config'>, openedAt: number): Promise<readonly NodeInfo[]> {
  if (life !== undefined) return await life.nodes()
  const port = serving.front?.server.listening === true ? serving.port : undefined
  const address = port === undefined ? undefined : addressOf(config.host, port)
  return [{ id: 'only', host: hostname(), pid: process.pid, version: platformVersion(), port, address, work: work(), startedAt: openedAt, silentMs: 0, skewMs: 0, isThis: true }]
}

/** What they do for tenants besides answering, by their ids. */
export async function nodeDutiesOf({ storage, life }: Pick<Base, 'storage' | 'life'>): Promise<ReadonlyMap<string, NodeDuties>> {
  return await dutiesOfNodes(storage.platform, life === undefined ? 'only' : undefined)
}

/** Host and port for people. */
export function addressOf(host: string, port: number): string {
  const name = ALL_ADDRESSES.has(host) ? hostname() : host
  return `${name.includes(':') ? `[${name}]` : name}:${port}`
}
