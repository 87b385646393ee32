import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PlatformError } from '../../src/errors.ts'
import { byteRange } from '../../src/http/byte-range.ts'
import { contentDisposition } from '../../src/http/content-disposition.ts'
import { itemsPlugin, newCalls } from './fixture-plugin.tsx'
import { loaded, startFront } from './test-front.tsx'

async function start(name = 'Été à l’île.png', type = 'image/png', bytes = Buffer.from('0123456789')) {
  const platform = await startFront({ releases: [loaded(itemsPlugin(newCalls()))] })
  const ref = platform.files.add('la-rochelle/fr.example.items', name, type, bytes)
  return { platform, ref, path: `/apps/items/api/files/${ref.id}` }
}

test('[H30] a file is sent with its own type and name, and again only when it changed', async () => {
  const { platform, ref, path } = await start()
  await using _ = platform
  const { status, headers, text } = await platform.get(path)
  expect([status, text]).toEqual([200, '0123456789'])
  expect(headers).toMatchObject({
    'content-type': 'image/png', 'content-length': '10', 'etag': `"${ref.sha256}"`, 'x-content-type-options': 'nosniff', 'accept-ranges': 'bytes',
    'content-disposition': 'attachment; filename="Ete a l_ile.png"; filename*=UTF-8\'\'%C3%89t%C3%A9%20%C3%A0%20l%E2%80%99%C3%AEle.png',
  })
  const again = await platform.get(path, { headers: { 'if-none-match': `"${ref.sha256}"` } })
  expect([again.status, again.text]).toEqual([304, ''])
  const head = await platform.get(path, { method: 'HEAD' })
  expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '10'])
  expect((await platform.get('/apps/items/api/files/none')).status).toBe(404)
  expect((await platform.get(path, { host: 'aytre.localhost' })).status).toBe(404)
})

test('[H30] a part of a file is sent on demand', async () => {
  const { platform, ref, path } = await start()
  await using _ = platform
  const part = await platform.get(path, { headers: { range: 'bytes=2-4' } })
  expect([part.status, part.text, part.headers['content-range'], part.headers['content-length']]).toEqual([206, '234', 'bytes 2-4/10', '3'])
  expect((await platform.get(path, { headers: { 'range': 'bytes=2-4', 'if-range': '"other"' } })).text).toBe('0123456789')
  expect((await platform.get(path, { headers: { 'range': 'bytes=-3', 'if-range': `"${ref.sha256}"` } })).text).toBe('789')
  const beyond = await platform.get(path, { headers: { range: 'bytes=10-' } })
  expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */10'])
})

test('[H30] what could run in a browser is downloaded, whatever the plugin asks for', async () => {
  for (const [type, disposition] of [['image/png', 'inline'], ['application/pdf', 'inline'], ['text/html', 'attachment'], ['image/svg+xml', 'attachment'], ['application/xml', 'attachment']] as const) {
    const { platform, path } = await start('x', type)
    await using _ = platform
    const { headers } = await platform.get(`${path}?shown=true`)
    expect([type, headers['content-disposition']?.split(';')[0]]).toEqual([type, disposition])
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  }
})

test('[H31] a file name, whatever a person called it, makes one header that names one file', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
    const header = contentDisposition('attachment', name)
    expect(header).toMatch(/^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]+"(; filename\*=UTF-8''[\w.~!#$&+^`|%-]+)?$/)
    const encoded = /UTF-8''(.*)$/.exec(header)?.[1]
    expect(decodeURIComponent(encoded ?? '')).not.toMatch(/[/\\\p{Cc}\u202e]/u)
  }))
})

test('[H31] a range, whatever is asked, lies within the file', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.tuple(fc.option(fc.nat(30)), fc.option(fc.nat(30))).map(([a, b]) => `bytes=${a ?? ''}-${b ?? ''}`)), fc.nat(20), (header, size) => {
    const range = byteRange(header, size)
    const { start, end } = typeof range === 'object' ? range : { start: 0, end: 0 }
    expect(start >= 0 && start <= end && (end < size || typeof range !== 'object')).toBe(true)
  }))
})

test('[F40] while what files lie on cannot be reached the answer is 503 with a time to come back, before anything of the file is said', async () => {
  const { platform, path } = await start()
  await using _ = platform
  const open = platform.files.open.bind(platform.files)
  platform.files.open = async (key, id) => {
    const file = await open(key, id)
    return file === undefined ? undefined : { ...file, stream: () => Promise.reject(new PlatformError('FILES_UNAVAILABLE', 'Files at s3://secret/place cannot be reached.', { fix: 'Try again.', retryAfterSeconds: 10 })) }
  }
  const answer = await platform.get(path)
  expect([answer.status, answer.headers['retry-after'], answer.headers['content-type'], answer.headers['etag'], answer.headers['content-disposition']]).toEqual([503, '10', 'application/problem+json', undefined, undefined])
  expect(answer.text).not.toContain('secret')
  expect((await platform.get(path, { method: 'HEAD' })).status).toBe(200)
})
