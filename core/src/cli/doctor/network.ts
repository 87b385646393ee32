import { lookup } from 'node:dns/promises'
import { isLocalDomain, type Config } from '../../config.ts'
import { holderOf } from '../data-folder-holder.ts'
import { isPortFree } from '../free-port.ts'
import type { Finding } from './finding.ts'

/** Longest wait for a server to say that it lives, in milliseconds. */
const LONGEST_ANSWER_MS = 2_000

/** The network: whether names under the base domain lead somewhere, and whether the port is free or ours. */
export async function examineNetwork(config: Config): Promise<readonly Finding[]> {
  return [await examineDomain(config), await examinePort(config)]
}

async function examineDomain({ baseDomain }: Config): Promise<Finding> {
  const name = `pool.${baseDomain}`
  try {
    const { address } = await lookup(name)
    return { id: 'base-domain', status: 'ok', what: `${name} leads to ${address}` }
  } catch {
    return {
      id: 'base-domain', status: 'hint', what: `this machine finds no address for ${name}`,
      fix: isLocalDomain(baseDomain) ? 'Browsers find *.localhost by themselves; for other programs add the names to /etc/hosts.' : `Make a wildcard entry *.${baseDomain} in the DNS.`,
    }
  }
}

async function examinePort(config: Config): Promise<Finding> {
  const { port, host, dataFolder } = config
  const where = `${host} port ${port}`
  if (await isPortFree(config)) return { id: 'port', status: 'ok', what: port === 0 ? 'any free port' : `${where} is free` }
  const holder = holderOf(dataFolder)
  if (holder !== undefined && await lives(config)) return { id: 'port', status: 'ok', what: `${where} is in use by the server of this data folder (process ${holder.pid})` }
  return { id: 'port', status: 'broken', what: `${where} is in use by another program`, fix: `Stop it, or choose another port, such as PORT=${port + 1}.` }
}

async function lives({ port, host }: Config): Promise<boolean> {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host
  try {
    const answer = await fetch(`http://${address}:${port}/healthz`, { signal: AbortSignal.timeout(LONGEST_ANSWER_MS) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
