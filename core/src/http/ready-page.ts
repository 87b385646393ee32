import type { ServerResponse } from 'node:http'
import { cacheControlFor, type RequestContext } from './request-context.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

/**
 * A page to be sent as it is: its UTF-8, or a text with a character for each byte of it. Node sends such a text in one piece with the headers,
 * which is faster as long as it is short. The page's own characters would have to be encoded each time.
 */
export type ReadyPage = Buffer | string

/** Longest page that is cheaper to copy behind its headers than to send as a piece of its own, in bytes. */
const LONGEST_TEXT = 8 * 1024

/** @param html - a whole document */
export function readyPage(html: string): ReadyPage {
  const bytes = Buffer.from(html)
  return bytes.length <= LONGEST_TEXT ? bytes.toString('latin1') : bytes
}

/** The page's UTF-8. */
export function bytesOfReadyPage(page: ReadyPage): Buffer {
  return typeof page === 'string' ? Buffer.from(page, 'latin1') : page
}

const FIXED = [...SECURITY_HEADERS.flat(), 'Content-Type', 'text/html; charset=utf-8']

/** Answers with a page, with the headers that every page has. They are handed over together: one by one they are looked through twice. */
export function sendReadyPage(response: ServerResponse, context: RequestContext, page: ReadyPage): void {
  response.writeHead(200, [...FIXED, 'Cache-Control', cacheControlFor(context), 'traceparent', context.traceparent, 'Content-Length', String(page.length)])
  response.end(page, 'latin1')
}
