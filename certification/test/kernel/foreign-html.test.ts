// HTML that comes from outside of the platform's process, in a real browser, under the platform's own headers.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sanitizeHtml, SECURITY_HEADERS, type ForeignPlace } from '@liberacces/core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../../src/testing/browser.ts'
import { SCRIPT_VECTORS } from './script-vectors.ts'

const PLACE: ForeignPlace = { place: 'page', formsTo: ['/apps/own/'] }

let browser: Browser
let own: Server
let evil: Server
let body = ''
let isGuarded = true
const reached: string[] = []

beforeAll(async () => {
  own = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://own.invalid')
    if (pathname === '/ran.js') {
      response.setHeader('content-type', 'text/javascript')
      response.end('globalThis.ran = () => { navigator.sendBeacon("/ran") }')
      return
    }
    if (pathname === '/ran') reached.push('ran')
    if (pathname !== '/apps/own/page') {
      response.statusCode = 404
      response.end()
      return
    }
    if (isGuarded) for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value)
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><html lang="fr"><head><script src="/ran.js"></script></head><body><main><div id="own">${body}</div></main><p id="after">x</p></body></html>`)
  })
  evil = createServer((request, response) => {
    reached.push(`evil ${request.url}`)
    response.end()
  })
  await Promise.all([own, evil].map((server) => new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })))
  browser = await openBrowser()
})

afterAll(async () => {
  await browser.close()
  for (const server of [own, evil]) server.close()
})

function vectors(): readonly string[] {
  const host = `127.0.0.1:${(evil.address() as AddressInfo).port}`
  return SCRIPT_VECTORS.map((vector) => vector.replaceAll('EVILHOST', host).replaceAll('EVIL', `http://${host}`))
}

const address = (): string => `http://127.0.0.1:${(own.address() as AddressInfo).port}/apps/own/page`

async function show(page: Page, html: string): Promise<void> {
  body = html
  await page.goto(address(), { waitUntil: 'load' })
  // Whatever a handler would have asked for has been asked for once this answer is there: one connection, in order.
  await page.evaluate(() => fetch('/settled').then(() => undefined))
}

test('[S30] none of the ways to run a script, load from elsewhere, move the reader on or step out of its place survives in a browser', async () => {
  const page = await browser.newPage()
  const failures: string[] = []
  for (const vector of vectors()) {
    const html = sanitizeHtml(vector, PLACE)
    await show(page, html)
    const seen = await page.evaluate(() => {
      const place = document.getElementById('own')
      const all = [...place?.querySelectorAll('*') ?? []]
      return {
        outside: document.querySelectorAll('main > :not(#own), body > :not(main, #after), head > :not(script)').length,
        after: document.getElementById('after')?.parentElement?.tagName,
        handlers: all.flatMap((element) => [...element.attributes]).filter(({ name }) => name.startsWith('on') || name === 'style' || name.startsWith('data-')).length,
        forms: [...place?.querySelectorAll('form') ?? []].filter(({ method }) => method === 'post').map((form) => new URL(form.action).pathname),
        links: [...place?.querySelectorAll('a') ?? []].map(({ protocol }) => protocol),
        // What the browser made of it, and what is made of that again, is what was meant.
        html: place?.innerHTML ?? '',
      }
    })
    const isFine = seen.outside === 0 && seen.after === 'BODY' && seen.handlers === 0 && seen.forms.every((path) => path.startsWith('/apps/own/')) &&
      seen.links.every((protocol) => ['http:', 'https:', 'mailto:', 'tel:', ':'].includes(protocol)) && page.url() === address() && sanitizeHtml(seen.html, PLACE) === html
    if (!isFine) failures.push(`${vector} → ${html} ${JSON.stringify(seen)}`)
  }
  expect(failures).toEqual([])
  expect(reached).toEqual([])
  await page.close()
})

test('[S30] the same ways are alive where nothing is taken out', async () => {
  isGuarded = false
  const page = await browser.newPage()
  page.on('dialog', (dialog) => { void dialog.dismiss() })
  for (const vector of vectors().filter((one) => /^<(?:script>|img src=x onerror|svg onload|iframe src="http|link rel="stylesheet"|p style)/.test(one))) {
    const before = reached.length
    await show(page, vector)
    await expect.poll(() => reached.length, { message: vector, timeout: 5_000 }).toBeGreaterThanOrEqual(before + (vector.includes('inset') ? 0 : 1))
  }
  await page.close()
})
