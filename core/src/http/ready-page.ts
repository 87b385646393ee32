import type { ServerResponse } from 'node:http'
import { cacheControlFor, type RequestContext } from './request-context.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

/**
 * A page to be sent as it is, each character one byte of its UTF-8. Node sends such a text in one piece with the headers, and copies it where it
 * would have to encode the page's own; bytes would be a second piece.
 */
export type ReadyPage = string & { readonly __ready?: never }

/** @param html - a whole document */
export function readyPage(html: string): ReadyPage {
  return Buffer.from(html).toString('latin1')
}

const FIXED = [...SECURITY_HEADERS.flat(), 'Content-Type', 'text/html; charset=utf-8']

/** Answers with a page, with the headers that every page has. They are handed over together: one by one they are looked through twice. */
export function sendReadyPage(response: ServerResponse, context: RequestContext, page: ReadyPage): void {
  response.writeHead(200, [...FIXED, 'Cache-Control', cacheControlFor(context), 'traceparent', context.traceparent, 'Content-Length', String(page.length)])
  response.end(page, 'latin1')
}
