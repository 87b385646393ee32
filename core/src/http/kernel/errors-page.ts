import type { FastifyInstance } from 'fastify'
import { CODES, type Code } from '../../errors.ts'
import { statusOf } from '../status-codes.ts'

const rows = (): string => Object.entries(CODES)
  .map(([code, title]) => `<dt id="${code}"><code>${code}</code> (${statusOf(code as Code)})</dt><dd>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</dd>`)
  .join('\n')

/** `/docs/errors`: where the `type` of a problem leads, so that the link is never dead. */
export function registerErrorsPage(instance: FastifyInstance): void {
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Error codes</title></head><body><main><h1>Error codes</h1><dl>\n${rows()}\n</dl></main></body></html>`
  instance.get('/docs/errors', (_request, reply) => reply.header('cache-control', 'public, max-age=3600').type('text/html; charset=utf-8').send(page))
}
