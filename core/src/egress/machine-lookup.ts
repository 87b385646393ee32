import { Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { platform } from 'node:process'
import { setTimeout as after } from 'node:timers/promises'
import { readHosts } from './hosts-file.ts'
import type { Lookup } from './lookup-turns.ts'
import { namesToAsk } from './search-list.ts'

/** What names of this machine are looked up by. */
export interface MachineNames {
  /** @defaultValue the machine's hosts file */
  readonly hostsFile?: string
  /** Where domains to search are. @defaultValue `/etc/resolv.conf` */
  readonly resolvConf?: string
  /** Servers to ask, with `:port` where it is not 53. @defaultValue those of the machine */
  readonly servers?: readonly string[]
  /** Longest wait for the first answer of one server, in milliseconds; it is asked twice, the second time for longer. @defaultValue 2,500 */
  readonly tryMs?: number
}

const HOSTS_FILE = platform === 'win32' ? `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts` : '/etc/hosts'
/** How long the addresses of one family wait for those of the other, in milliseconds: some resolvers never answer for IPv6. */
const OTHER_FAMILY_MS = 1_000
/** The name has no such address: the next one may. */
const NOT_THERE: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA'])

/**
 * All addresses of a host name, as the machine's hosts file has them, or the name servers of its configuration; IPv4 first. They are asked over sockets of this
 * process: the system's own `getaddrinfo` would hold one of the few threads that also read files, until it gives up, and cannot be ended.
 * What else a system may be told to ask (LDAP, mDNS) is not asked.
 */
export function createMachineLookup({ hostsFile = HOSTS_FILE, resolvConf = '/etc/resolv.conf', servers, tryMs = 2_500 }: MachineNames = {}): Lookup {
  return async (host, signal) => {
    const name = host.toLowerCase()
    const known = readHosts(await textOf(hostsFile)).get(name)
    if (known !== undefined) return known
    // It is this machine, whatever name servers say (RFC 6761, section 6.3).
    if (name === 'localhost' || name.endsWith('.localhost')) return ['127.0.0.1', '::1']
    const names = namesToAsk(name, await textOf(resolvConf))
    signal.throwIfAborted()
    // Its own, so that ending it ends nobody else's look-up; and read anew from the machine's configuration.
    const resolver = new Resolver({ timeout: tryMs, tries: 2 })
    if (servers !== undefined) resolver.setServers(servers)
    const end = (): void => { resolver.cancel() }
    signal.addEventListener('abort', end, { once: true })
    try {
      for (const asked of names) {
        const addresses = await addressesOf(resolver, asked)
        if (addresses.length > 0) return addresses
      }
      return []
    } finally {
      signal.removeEventListener('abort', end)
      end()
    }
  }
}

/** @throws Error when one family could not be asked for and the other has none */
async function addressesOf(resolver: Resolver, name: string): Promise<readonly string[]> {
  const answers = [outcomeOf(resolver.resolve4(name)), outcomeOf(resolver.resolve6(name))]
  const first = await Promise.race(answers)
  const enough = new AbortController()
  const late = Array.isArray(first) && first.length > 0 ? after(OTHER_FAMILY_MS, [] as readonly string[], { signal: enough.signal }).catch(() => []) : undefined
  const outcomes = await Promise.all(answers.map((answer) => (late === undefined ? answer : Promise.race([answer, late]))))
  enough.abort()
  const addresses = outcomes.flatMap((outcome) => (outcome instanceof Error ? [] : outcome))
  const failed = outcomes.find((outcome) => outcome instanceof Error)
  if (addresses.length === 0 && failed !== undefined) throw failed
  return addresses
}

/** What came of asking; nothing where there is none. */
async function outcomeOf(answer: Promise<readonly string[]>): Promise<readonly string[] | Error> {
  return answer.catch((error: unknown) => (NOT_THERE.has((error as { readonly code?: unknown }).code) ? [] : error instanceof Error ? error : new Error(String(error))))
}

/** A machine without the file has nothing to say there. */
async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}
