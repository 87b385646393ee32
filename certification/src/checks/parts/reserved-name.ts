/** Ends of names that nobody can have: they are kept for examples and tests (RFC 2606, RFC 6761). */
const NOBODYS = /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid|localhost|test)$/

/** Whether a name of the network is one that nobody can have, such as `www.example.org`. */
export function isReservedName(name: string): boolean {
  return NOBODYS.test(name.toLowerCase().replace(/\.$/, ''))
}

/** The name of the network in an address (`mailto:`, `https:`, or a bare mail address); `undefined` where there is none. */
export function nameIn(address: string): string | undefined {
  const mail = /^(?:mailto:)?[^\s@/]+@([^\s@/?]+)/i.exec(address.trim())?.[1]
  return mail ?? (URL.canParse(address) ? new URL(address).hostname : undefined)
}
