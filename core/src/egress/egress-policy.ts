import { BlockList, isIP } from 'node:net'
import { PlatformError } from '../errors.ts'
import { untilAborted } from '../until-aborted.ts'
import type { LookupFor } from './lookup-turns.ts'
import { isPublicAddress } from './private-address.ts'

/** Where plugins may go beyond the public internet, as the operator says. Pure. */
export interface EgressPolicy {
  /** Whether the operator named this host, or one of the addresses it leads to, for this plugin or for all (`undefined`: for any of them): then it may be a private one, and need no TLS. */
  allows(plugin: string | undefined, host: string, port: number, address: string | undefined): boolean
}

interface Rule {
  /** `undefined`: for all plugins. */
  readonly plugin?: string
  readonly port: number | undefined
  fits(host: string, address: string | undefined): boolean
}

/**
 * Reads `LIBERACCES_EGRESS_ALLOW`: hosts, addresses or ranges (CIDR) with commas between, each with `:port` where only that one is meant, and with
 * `plugin.id=` in front where it is for that plugin alone.
 * @throws PlatformError `CONFIG_INVALID`
 */
export function readEgressPolicy(text: string): EgressPolicy {
  const rules = text.split(',').map((part) => part.trim()).filter((part) => part !== '').map(ownRuleOf)
  return {
    allows: (plugin, host, port, address) =>
      rules.some((rule) => (rule.plugin === undefined || plugin === undefined || rule.plugin === plugin) && (rule.port === undefined || rule.port === port) && rule.fits(host, address)),
  }
}

const PLUGIN = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){1,6}$/

function ownRuleOf(part: string): Rule {
  const [, plugin, target] = /^([^=]*)=(.*)$/.exec(part) ?? []
  if (plugin === undefined || target === undefined) return ruleOf(part)
  if (!PLUGIN.test(plugin.trim())) throw wrong(part)
  return { ...ruleOf(target.trim()), plugin: plugin.trim() }
}

const HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/

function ruleOf(part: string): Rule {
  const [, bracketed, plain = '', port] = /^(?:\[([0-9a-fA-F:.]+(?:\/\d{1,3})?)\]|([^:]+|[0-9a-fA-F:.]*::?[0-9a-fA-F:.]*(?:\/\d{1,3})?))(?::(\d{1,5}))?$/.exec(part) ?? []
  // Without brackets a text with several colons is one IPv6 address or range, and names no port.
  const [name, number] = bracketed === undefined && part.split(':').length > 2 ? [part, undefined] : [bracketed ?? plain, port]
  const onlyPort = number === undefined ? undefined : Number(number)
  const [address = '', bits] = name.split('/')
  const family = isIP(address)
  if (onlyPort !== undefined && (onlyPort < 1 || onlyPort > 65_535)) throw wrong(part)
  if (family === 0) {
    const host = name.toLowerCase()
    if (!HOST.test(host)) throw wrong(part)
    return { port: onlyPort, fits: (asked) => asked === host }
  }
  if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))) throw wrong(part)
  const list = new BlockList()
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  if (bits === undefined) list.addAddress(address, kind)
  else list.addSubnet(address, Number(bits), kind)
  return { port: onlyPort, fits: (_host, found) => found !== undefined && isIP(found) !== 0 && list.check(found, isIP(found) === 4 ? 'ipv4' : 'ipv6') }
}

function wrong(part: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', `LIBERACCES_EGRESS_ALLOW: "${part}" is no host, address or range.`, {
    fix: 'Give hosts such as bus.example.fr, addresses or ranges such as 10.1.0.0/16, with commas between; add a port where only that one is meant, as in bus.example.fr:5671 or [fd00::1]:443, and a plugin where it is for that one alone, as in fr.liberacces.bridge=bus.example.fr.',
  })
}

/** Where a request may connect to: the addresses that were looked at, and no others. */
export interface CheckedAddress {
  readonly host: string
  readonly port: number
  /** At least one, in the order of the resolver. */
  readonly addresses: readonly string[]
  /** Whether the operator named it, so that it needs no TLS. */
  readonly isAllowed: boolean
}

/** What stands in front of each connection to the outside. */
export interface EgressGate {
  readonly policy: EgressPolicy
  readonly lookup: LookupFor
  /** Told where a host leads that was refused, for the operator's log: the plugin is not told, or it could map a private network by its names. */
  readonly refused: (host: string, address: string) => void
}

/**
 * Looks a host up and refuses what a plugin may not reach. Who then connects does so to these addresses: the name is not asked a second time.
 * One private address among public ones refuses all: such an answer is no mistake.
 * @param host - a name or an address, IPv6 with or without brackets
 * @param signal - ends the wait for a resolver that does not answer
 * @throws PlatformError `EGRESS_REFUSED` for an address that is not of the public internet, `EGRESS_FAILED` when the name leads nowhere
 */
export async function checkAddress({ policy, lookup, refused }: EgressGate, plugin: string, host: string, port: number, signal: AbortSignal): Promise<CheckedAddress> {
  const bare = host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '').toLowerCase()
  const addresses = isIP(bare) === 0 ? await resolve(() => lookup(plugin, bare, signal), bare, signal) : [bare]
  const inside = addresses.find((address) => !isPublicAddress(address) && !policy.allows(plugin, bare, port, address))
  if (inside !== undefined) {
    refused(bare, inside)
    throw new PlatformError('EGRESS_REFUSED', `Plugin "${plugin}" may not connect to ${bare}: it leads to no address of the public internet.`, {
      fix: 'If this is meant, the operator of the platform adds the host to LIBERACCES_EGRESS_ALLOW. The log of the platform says where it leads.',
    })
  }
  return { host: bare, port, addresses, isAllowed: addresses.every((address) => policy.allows(plugin, bare, port, address)) }
}

async function resolve(lookup: () => Promise<readonly string[]>, host: string, signal: AbortSignal): Promise<readonly string[]> {
  let addresses: readonly string[] = []
  try {
    addresses = await untilAborted(lookup(), signal)
  } catch (cause) {
    throw new PlatformError('EGRESS_FAILED', `The name ${host} could not be looked up${signal.aborted ? ' in time' : ''}.`, { cause, fix: 'Look at the name, and at the resolver of this machine.' })
  }
  if (addresses.length === 0) throw new PlatformError('EGRESS_FAILED', `The name ${host} leads to no address.`, { fix: 'Look at the name.' })
  return addresses
}
