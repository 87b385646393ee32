import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RawBodyOptions, RawContent, TSchema } from '@liberacces/sdk'

/** Headers that say who asks: no handler gets them, whatever it asked for. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-csrf-token'])

/** What a raw body takes; `undefined` where the body is no raw one. */
export function rawOptions(schema: TSchema | undefined): Required<RawBodyOptions> | undefined {
  return schema?.['x-raw'] as Required<RawBodyOptions> | undefined
}

/** Lets an instance take these bodies, and no others. */
export function takeRawBodies(instance: FastifyInstance, { types, maxBytes }: Required<RawBodyOptions>): void {
  instance.removeAllContentTypeParsers()
  for (const type of types) {
    instance.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: maxBytes }, (_request, body, done) => { done(null, body) })
  }
}

/** The body as it came, with the headers that were asked for. */
export function rawReader(schema: TSchema | undefined): (request: FastifyRequest) => RawContent {
  const { headers: wanted } = rawOptions(schema) ?? { headers: [] }
  const names = new Set(wanted.filter((name) => !name.endsWith('*')).map((name) => name.toLowerCase()))
  const beginnings = wanted.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1).toLowerCase())
  return ({ headers, body }) => ({
    type: headers['content-type'] ?? '',
    bytes: body instanceof Uint8Array ? body : new Uint8Array(0),
    headers: Object.fromEntries(Object.entries(headers).flatMap(([name, value]) =>
      (typeof value === 'string' && !CREDENTIALS.has(name) && (names.has(name) || beginnings.some((beginning) => name.startsWith(beginning))) ? [[name, value]] : []))),
  })
}
