import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { matchesEtag } from '../etag.ts'
import { nothingHere } from '../refusal.ts'

const require = createRequire(import.meta.url)

const IMMUTABLE = 'public, max-age=31536000, immutable'

/** A file of the platform's pages. */
interface Asset {
  readonly name: string
  /** Name with a hash of the content: what is cached for ever. */
  readonly hashedName: string
  readonly type: string
  readonly content: Buffer
  readonly gzipped: Buffer
  readonly etag: string
}

/** The files that the platform's pages load. Made by {@link loadAssets}. */
export interface AssetSources {
  readonly all: readonly Asset[]
  /**
   * Address of a file, for the page shell.
   * @throws Error when there is no such file
   */
  url(name: 'ui.css' | 'turbo.js' | 'offline-page.js' | 'forget-offline.js'): string
}

/**
 * Reads and compresses the files once.
 * @param styleSheets - style sheets that become `/assets/ui.css`, in this order
 */
export async function loadAssets(styleSheets: readonly (string | URL)[]): Promise<AssetSources> {
  const css = await Promise.all(styleSheets.map((file) => readFile(file, 'utf8')))
  const turbo = await readFile(require.resolve('@hotwired/turbo/dist/turbo.es2017-esm.js'))
  const all = await Promise.all([
    asset('ui.css', 'text/css; charset=utf-8', Buffer.from(css.join('\n'))),
    asset('turbo.js', 'text/javascript; charset=utf-8', turbo),
    ...['offline-page.js', 'forget-offline.js'].map(async (name) => asset(name, 'text/javascript; charset=utf-8', await readFile(new URL(`../../assets/${name}`, import.meta.url)))),
  ])
  return {
    all,
    url(name) {
      const found = all.find((each) => each.name === name)
      if (found === undefined) throw new Error(`There is no asset "${name}".`)
      return `/assets/${found.hashedName}`
    },
  }
}

async function asset(name: string, type: string, content: Buffer): Promise<Asset> {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12)
  const gzipped = await promisify(gzip)(content, { level: 9 })
  return { name, hashedName: name.replace('.', `.${hash}.`), type, content, gzipped, etag: `"${hash}"` }
}

/** `/assets/<name>`: for ever under the hashed name, revalidated under the plain one. */
export function registerAssets(instance: FastifyInstance, { all }: AssetSources): void {
  const byName = new Map(all.flatMap((each) => [[each.name, each], [each.hashedName, each]] as const))
  instance.get<{ Params: { name: string } }>('/assets/:name', (request, reply) => {
    const { name } = request.params
    const found = byName.get(name)
    if (found === undefined) throw nothingHere()
    reply.header('etag', found.etag).header('vary', 'Accept-Encoding').header('cache-control', name === found.hashedName ? IMMUTABLE : 'no-cache')
    if (matchesEtag(request.headers['if-none-match'], found.etag)) return reply.code(304).send()
    const small = /\bgzip\b(?!\s*;\s*q=0(?:[.,\s]|$))/.test(request.headers['accept-encoding'] ?? '')
    if (small) reply.header('content-encoding', 'gzip')
    return reply.type(found.type).send(small ? found.gzipped : found.content)
  })
}
