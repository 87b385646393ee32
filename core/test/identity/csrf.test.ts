import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, test } from 'vitest'
import { createCsrf, originAllowed } from '../../src/identity/csrf.ts'
import type { Principal } from '../../src/identity/principal.ts'

const csrf = createCsrf({ key: new Uint8Array(32).fill(7) })
const TOKEN = csrf.tokenFor(new Uint8Array(32).fill(1))
const person: Principal = { kind: 'account', id: 'a', name: 'Anne', email: undefined, roles: [], permissions: new Set(), via: 'cookie', csrfToken: TOKEN }
const FORM = 'application/x-www-form-urlencoded'

function allowed(headers: IncomingHttpHeaders, token?: string): boolean {
  return csrf.check({ headers: { host: 'aytre.localhost:3000', ...headers } }, person, token)
}

describe('where a request comes from', () => {
  test.each<readonly [IncomingHttpHeaders, boolean]>([
    [{}, true],
    [{ origin: 'http://aytre.localhost:3000' }, true],
    [{ origin: 'http://AYTRE.localhost:3000', 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'none' }, true],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://aytre.localhost:3000' }, false],
    [{ origin: 'http://nieul.localhost:3000' }, false],
    [{ origin: 'http://aytre.localhost' }, false],
    [{ origin: 'null' }, false],
    [{ origin: '' }, false],
    [{ origin: 'file://aytre.localhost:3000' }, false],
    [{ origin: 'http://aytre.localhost:3000.evil.example' }, false],
  ])('[I13] %o speaks for or against it', (headers, expected) => {
    expect(originAllowed(headers, 'aytre.localhost:3000')).toBe(expected)
  })

  test('[I13] the scheme\'s own port may be written or not', () => {
    expect([
      originAllowed({ origin: 'https://ville.example' }, 'ville.example:443'), originAllowed({ origin: 'https://ville.example' }, 'ville.example'),
      originAllowed({ origin: 'https://ville.example' }, 'ville.example:80'), originAllowed({ origin: 'https://ville.example' }, undefined),
    ]).toEqual([true, true, false, false])
  })
})

describe('what a request must carry', () => {
  test.each([FORM, 'multipart/form-data; boundary=x', 'text/plain', 'Text/Plain; charset=utf-8'])('[I13] %s, which another site\'s form could send, needs the token', (type) => {
    const headers = { 'content-type': type, origin: 'http://aytre.localhost:3000', 'sec-fetch-site': 'same-origin' }
    expect([allowed(headers, TOKEN), allowed(headers), allowed(headers, ''), allowed(headers, `${TOKEN}x`), allowed(headers, csrf.tokenFor(new Uint8Array(32)))]).toEqual([true, false, false, false, false])
  })

  test('[I13] JSON passes from our own page and from clients that are no browsers, never from another site', () => {
    const type = { 'content-type': 'application/json; charset=utf-8' }
    expect([
      allowed(type), allowed({ ...type, 'sec-fetch-site': 'same-origin' }), allowed({ ...type, origin: 'http://aytre.localhost:3000' }), allowed(type, TOKEN),
    ]).toEqual([true, true, true, true])
    expect([allowed({ ...type, 'sec-fetch-site': 'same-site' }, TOKEN), allowed({ ...type, origin: 'http://evil.example' }, TOKEN), allowed(type, 'wrong')]).toEqual([false, false, false])
  })

  test('[I13] without a body the token or the browser\'s word is needed', () => {
    expect([allowed({}), allowed({}, TOKEN), allowed({ 'sec-fetch-site': 'same-origin' }), allowed({ origin: 'http://aytre.localhost:3000' }), allowed({ 'sec-fetch-site': 'none' })])
      .toEqual([false, true, true, true, false])
  })

  test('[I13] an empty token opens nothing, not even to someone without one', () => {
    expect(csrf.check({ headers: { host: 'a', 'content-type': FORM } }, { ...person, csrfToken: '' }, '')).toBe(false)
  })

  test('[I13] each session and each server has a token of its own', () => {
    const tokens = [TOKEN, csrf.tokenFor(new Uint8Array(32)), createCsrf({ key: new Uint8Array(32).fill(8) }).tokenFor(new Uint8Array(32).fill(1))]
    expect(new Set(tokens).size).toBe(3)
    expect(csrf.tokenFor(new Uint8Array(32).fill(1))).toBe(TOKEN)
  })
})
