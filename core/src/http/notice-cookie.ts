import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseCookie, stringifySetCookie } from 'cookie'
import { addCookie, type RequestContext } from './request-context.ts'

const NAME = 'notice'
const LIFE_SECONDS = 60
const MAX_LENGTH = 500

/** What signs a notice. */
export interface NoticeKeys {
  readonly signingKey: Uint8Array
  readonly secureCookies: boolean
  readonly outside: { now(): number }
}

/** Sends good news along with a redirect, for the next page to show once. */
export function sendNotice(keys: NoticeKeys, response: ServerResponse, context: RequestContext, text: string): void {
  const payload = Buffer.from(JSON.stringify([keys.outside.now() + LIFE_SECONDS * 1000, text.slice(0, MAX_LENGTH)])).toString('base64url')
  addCookie(response, cookie(keys, `${payload}.${sign(keys, context, payload)}`, LIFE_SECONDS))
}

/** Whether a request may bring a notice. */
export function bringsNotice({ headers }: IncomingMessage): boolean {
  return headers.cookie?.includes(`${NAME}=`) === true
}

/** Takes the notice that came with a request, if it is ours, fresh, and meant for this person here; it is gone with this answer. */
export function takeNotice(keys: NoticeKeys, request: IncomingMessage, response: ServerResponse, context: RequestContext): string | undefined {
  if (!bringsNotice(request)) return undefined
  const value = parseCookie(request.headers.cookie ?? '')[NAME]
  if (value === undefined) return undefined
  addCookie(response, cookie(keys, '', 0))
  const [payload = '', signature = ''] = value.split('.')
  const expected = sign(keys, context, payload)
  // Bytes, not characters: whatever stands in a cookie must not make the page fail.
  const [given, ours] = [Buffer.from(signature), Buffer.from(expected)]
  if (given.length !== ours.length || !timingSafeEqual(given, ours)) return undefined
  const [until, text] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as readonly [number, string]
  return until >= keys.outside.now() ? text : undefined
}

function sign({ signingKey }: NoticeKeys, { tenant, principal }: RequestContext, payload: string): string {
  return createHmac('sha256', signingKey).update(`notice\0${tenant.id}\0${principal.id}\0${payload}`).digest('base64url')
}

function cookie({ secureCookies }: NoticeKeys, value: string, maxAge: number): string {
  return stringifySetCookie({ name: NAME, value, maxAge, path: '/', httpOnly: true, sameSite: 'lax', secure: secureCookies })
}
