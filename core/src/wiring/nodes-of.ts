import { hostname } from 'node:os'
import type { NodeInfo } from '../nodes/node.ts'
import { platformVersion } from '../platform-version.ts'
import type { Base } from './base.ts'

/** The processes on this platform; where there can be no others, this one. */
export async function nodesOf({ life, serving }: Pick<Base, 'life' | 'serving'>, openedAt: number): Promise<readonly NodeInfo[]> {
  if (life !== undefined) return await life.nodes()
  const port = serving.front?.server.listening === true ? serving.port : undefined
  return [{ id: 'only', host: hostname(), pid: process.pid, version: platformVersion(), port, startedAt: openedAt, silentMs: 0, skewMs: 0, isThis: true }]
}
