import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeNext } from '../../src/http/next-path.ts'
import { isPlainPath } from '../../src/http/request-path.ts'
import { parseHost } from '../../src/tenancy/host-name.ts'

const trick = fc.constantFrom('/', '\\', '//', '.', '..', '%2e', '%2f', '%5c', '@', ':', '?', '#', '\t', '\n', '\r', '\0', ' ', 'evil.example', 'https:', 'javascript:', 'auth', 'login', 'é', '‮')

test('[H32] after a login a person stays on this host, whatever "next" says', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.array(trick, { maxLength: 8 }).map((parts) => parts.join('')), fc.array(trick, { maxLength: 8 }).map((parts) => `/${parts.join('')}`)), (text) => {
    const next = safeNext(text)
    expect(next).toMatch(/^\/(?![/\\])/)
    expect(new URL(next, 'https://town.example').origin).toBe('https://town.example')
    expect(next).not.toMatch(/[\0-\x20]/)
    expect(safeNext(next)).toBe(next)
  }), { numRuns: 2_000 })
})

test('[H32] a path of our own is kept with its query; the login itself and what is no text are not', () => {
  expect(['/apps/news/?page=2', '/bureau', '/', '/apps/é'].map(safeNext)).toEqual(['/apps/news/?page=2', '/bureau', '/', '/apps/%C3%A9'])
  for (const wrong of [undefined, null, 5, ['/x'], '', 'x', '//evil.example', '/\\evil.example', '/.//evil.example', 'https://evil.example/', '/auth/login?next=/', '/auth/../auth/logout', `/${'a'.repeat(3_000)}`]) expect([wrong, safeNext(wrong)]).toEqual([wrong, '/'])
})

test('[H1] what is taken for a host is one, and reads the same again', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.domain(), fc.ipV6().map((ip) => `[${ip}]`), fc.tuple(fc.domain(), fc.nat(99_999)).map(([name, port]) => `${name}:${port}`), fc.array(trick, { maxLength: 5 }).map((parts) => `a${parts.join('')}`)), (header) => {
    const host = parseHost(header)
    if (host === undefined) return
    expect(host).toMatch(/^[a-z0-9.:[\]-]+$/)
    expect(parseHost(host)).toBe(host)
    // Of a name that ends in a number the URL standard makes an IPv4 address or nothing; no browser sends one, and no tenant has it.
    if (/(?:^|\.)(?:\d+|0x[\da-f]*)$/.test(host)) return
    expect(new URL(`http://${header.replace(/\.?(:\d+)?$/, '')}`).host.length).toBeGreaterThan(0)
  }), { numRuns: 1_000, examples: [['town.localhost:3000'], ['[::1]:80'], ['town.localhost.']] })
  fc.assert(fc.property(fc.domain(), (name) => { expect(parseHost(`${name.toUpperCase()}.:80`)).toBe(name) }))
})

test('[H3] a plain path is what a URL parser makes of it', () => {
  fc.assert(fc.property(fc.array(fc.oneof(trick, fc.constantFrom('apps', 'items', '%41', '%')), { maxLength: 8 }).map((parts) => `/${parts.join('')}`), (path) => {
    if (!isPlainPath(path)) return
    const { pathname, host } = new URL(path, 'http://town.example')
    expect(host).toBe('town.example')
    expect(decodeURI(pathname)).toBe(decodeURI(path.replace(/[?#].*$/s, '')))
  }), { numRuns: 2_000 })
})
