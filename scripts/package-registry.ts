// A registry of packages on this machine that knows the tarballs of one folder and nothing else: what is not published yet can be installed as if it were.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

interface Packed { readonly file: string; readonly bytes: Buffer; readonly manifest: { readonly name: string; readonly version: string } }

/** Where it answers, and how it ends. */
export interface PackageRegistry { readonly url: string; close(): Promise<void> }

/** Serves the tarballs of a folder on a free port of the loopback address. */
export async function servePackages(folder: string): Promise<PackageRegistry> {
  const packed = readdirSync(folder).filter((file) => file.endsWith('.tgz')).map((file): Packed => ({
    file, bytes: readFileSync(join(folder, file)), manifest: JSON.parse(execFileSync('tar', ['-xzOf', join(folder, file), 'package/package.json'], { encoding: 'utf8' })) as Packed['manifest'],
  }))
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', url()).pathname.slice(1))
    const file = packed.find((one) => one.file === asked)
    if (file !== undefined) return response.end(file.bytes)
    const known = packed.find(({ manifest }) => manifest.name === asked)
    response.setHeader('content-type', 'application/json')
    if (known === undefined) return response.writeHead(404).end('{"error":"not found"}')
    const { manifest: { name, version } } = known
    const dist = { tarball: `${url()}${known.file}`, integrity: `sha512-${createHash('sha512').update(known.bytes).digest('base64')}` }
    return response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { ...known.manifest, dist } } }))
  })
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(0, '127.0.0.1', resolve) })
  return { url: url(), close: () => new Promise((resolve) => { server.close(() => { resolve() }); server.closeAllConnections() }) }
}
