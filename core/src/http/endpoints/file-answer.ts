import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FileReply } from '@liberacces/sdk'
import { byteRange } from '../byte-range.ts'
import { contentDisposition } from '../content-disposition.ts'
import { matchesEtag } from '../etag.ts'
import { nothingHere } from '../refusal.ts'
import type { RequestContext } from '../request-context.ts'
import type { EndpointSetup } from './endpoint-setup.ts'
import { requireFiles } from './require-files.ts'

/** Types a browser shows without running anything in them; all others are downloaded, whatever the plugin asks for. */
const SHOWN = /^(?:image\/(?:png|jpeg|gif|webp|avif)|audio\/[\w.+-]+|video\/[\w.+-]+|application\/pdf|text\/plain)$/

/** An uploaded file is no page of ours: nothing in it may load or run anything. */
const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

/**
 * Streams a plugin's file: as a whole, in part (`Range`), or not at all when the reader has it.
 * @throws PlatformError `NOT_FOUND`, `SCOPE_REFUSED`, `FILE_DAMAGED`, `FILES_UNAVAILABLE`
 */
export async function sendFile(setup: EndpointSetup, request: FastifyRequest, reply: FastifyReply, context: RequestContext, answer: FileReply): Promise<unknown> {
  const { ports, release } = setup
  await requireFiles(setup, context)
  const file = await ports.files.open({ tenantId: context.tenant.id, pluginId: release.manifest.id }, answer.id)
  if (file === undefined) throw nothingHere()
  const { type, size, sha256, name } = file.ref
  const etag = `"${sha256}"`
  reply
    .header('etag', etag)
    .header('cache-control', context.principal.kind === 'anonymous' ? 'no-cache' : 'private, no-cache')
    .header('content-security-policy', FILE_POLICY)
    .header('content-disposition', contentDisposition(SHOWN.test(type) ? answer.disposition : 'attachment', answer.name ?? name))
    .header('accept-ranges', 'bytes')
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send()

  const ifRange = request.headers['if-range']
  const range = ifRange === undefined || ifRange === etag ? byteRange(request.headers.range, size) : undefined
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${size}`).send()
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`)
  reply.header('content-type', type === 'text/plain' ? 'text/plain; charset=utf-8' : type).header('content-length', range === undefined ? size : range.end - range.start + 1)
  // An empty stream, not nothing: for nothing the server would say that the length is 0.
  const content = request.method === 'HEAD' ? Readable.from([]) : await file.stream(range)
  // The file is found; a slow reader must not keep the plugin from moving on.
  context.passage?.leave()
  return reply.send(content)
}
