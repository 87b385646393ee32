import { lookup } from 'node:dns/promises'

/** All addresses of a host name, as this machine's own resolver knows them: its hosts file first. */
export async function machineLookup(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address)
}
