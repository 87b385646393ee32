import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { load } from '../src/load.ts'

let server: Server | undefined
afterEach(() => { server?.close() })

async function serve(answer: RequestListener): Promise<number> {
  server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test('every answer is counted once, with one request under way on each connection', async () => {
  let answered = 0
  const together: (() => void)[] = []
  const port = await serve((request, response) => {
    const answer = (): void => {
      answered += 1
      // Longer than one chunk, with letters of two bytes: lengths are of bytes.
      const body = 'é'.repeat(70_000)
      response.writeHead(request.headers.authorization === 'Bearer x' && request.url === '/a' ? 200 : 401, { 'Content-Length': Buffer.byteLength(body) }).end(body)
    }
    // The first four are answered when all four are there: with fewer under way this test would never end.
    together.push(answer)
    if (together.length === 4) for (const each of together) each()
    if (together.length > 4) answer()
  })
  const result = await load({ port, path: '/a', headers: { host: 'a.test', authorization: 'Bearer x' } }, 100, 4)
  expect(result.requests).toBe(answered)
  expect(result.requests).toBeGreaterThanOrEqual(4)
  expect(result.p99).toBeGreaterThanOrEqual(result.p50)
})

test('a refusal is no figure', async () => {
  const port = await serve((_request, response) => { response.writeHead(403, { 'Content-Length': 2 }).end('no') })
  await expect(load({ port, path: '/', headers: { host: 'a.test' } }, 50, 2)).rejects.toThrow('403')
})
