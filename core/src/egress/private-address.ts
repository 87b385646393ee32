import { BlockList, isIP } from 'node:net'

/** Not the internet (IANA special-purpose registries, RFC 6890 and later): this machine, this network, private ones, documentation, benchmarks, multicast. */
const NOT_PUBLIC_IPV4 = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.31.196.0', 24], ['192.52.193.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['192.175.48.0', 24], ['198.18.0.0', 15], ['198.51.100.0', 24],
  ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const
/** Within 2000::/3, which alone is the internet: protocols that carry an IPv4 address along (Teredo, 6to4), and documentation. */
const NOT_PUBLIC_IPV6 = [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]] as const

const notPublic = new BlockList()
for (const [network, bits] of NOT_PUBLIC_IPV4) notPublic.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of NOT_PUBLIC_IPV6) notPublic.addSubnet(network, bits, 'ipv6')
const global = new BlockList()
global.addSubnet('2000::', 3, 'ipv6')

/** Whether an address is one of the public internet. What is no address at all is not. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4: return !notPublic.check(address, 'ipv4')
    // An IPv4 address written as IPv6 (::ffff:127.0.0.1, 64:ff9b::7f00:1) lies outside of 2000::/3.
    case 6: return !address.includes('%') && global.check(address, 'ipv6') && !notPublic.check(address, 'ipv6')
    default: return false
  }
}
