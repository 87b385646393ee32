import { isIPv6 } from 'node:net'

/**
 * Who is behind an address, as far as it tells: an IPv4 address, or the /64 network of an IPv6 address, which one household
 * or machine has to itself. Any other text stands for itself. Never throws.
 */
export function networkOf(ip: string): string {
  const address = ip.split('%')[0] ?? ''
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  // An IPv4 part at the end stands for two groups.
  const written = first.length + last.length + (last.at(-1)?.includes('.') === true || first.at(-1)?.includes('.') === true ? 1 : 0)
  const groups = tail === undefined ? first : [...first, ...Array.from({ length: Math.max(0, 8 - written) }, () => '0'), ...last]
  return `${groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
