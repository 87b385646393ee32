import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answerCallback } from '../../src/remote/callback-endpoint.ts'
import { CallTokens, type AnswerQuestion } from '../../src/remote/call-tokens.ts'
import type { Tenant } from '../../src/tenancy/tenant.ts'

const HERE = { id: 't1', hosts: ['here.example.fr'] } as unknown as Tenant
const THERE = { id: 't2', hosts: ['there.example.fr'] } as unknown as Tenant

async function rig(answer: AnswerQuestion = async () => 'done') {
  const tokens = new CallTokens(randomBytes)
  const asked: unknown[] = []
  const logged: object[] = []
  const server = createServer((request, response) => {
    void answerCallback({ tokens, node: 'n1', tenantByHost: (host) => [HERE, THERE].find(({ hosts }) => hosts[0] === host.split(':')[0]), log: { error: (detail) => { logged.push(detail) } } }, request, response)
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const call = tokens.open('org.example.app', HERE, async (what, content) => {
    asked.push([what, content])
    return answer(what, content)
  })
  const held = tokens.find(call.token)
  if (held === undefined) throw new Error('There is no such call.')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/remote/v1/n1`
  const post = async (what: string, body: unknown, { token = call.token, at = base, host }: { readonly token?: string; readonly at?: string; readonly host?: string } = {}) => {
    const { pinnedFetch } = await import('../../src/egress/pinned-fetch.ts')
    const url = new URL(`${at}/${what}`)
    if (host !== undefined) url.hostname = host
    const response = await pinnedFetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/json', 'liberacces-call': token } }, ['127.0.0.1'])
    const said = await response.json() as { readonly value?: unknown; readonly code?: string }
    return { status: response.status, ...(said.code === undefined ? { value: said.value } : { code: said.code }) }
  }
  return { tokens, call: { ...call, begin: () => held.begin() }, asked, logged, base, post }
}

describe('what an application asks', () => {
  test('[R136] is answered for the call whose token it brings, bytes as base64', async () => {
    const { post, asked } = await rig(async () => ({ first: new Uint8Array([1, 2]), size: 2 }))
    expect(await post('files.put', { id: 1, with: { name: 'a.txt', type: 'text/plain', bytes: 'AQI=' } })).toEqual({ status: 200, value: { first: 'AQI=', size: 2 } })
    expect(asked).toEqual([['files.put', { name: 'a.txt', type: 'text/plain', bytes: new Uint8Array([1, 2]) }]])
  })

  test('[R136] is refused without a token, with that of a call that is over, with one of another tenant, at another node', async () => {
    const { post, call, tokens, base } = await rig()
    const audit = { id: 1, with: { action: 'x.y', target: 'z' } }
    expect(await post('audit', audit, { token: '' })).toEqual({ status: 403, code: 'REMOTE_REFUSED' })
    expect(await post('audit', audit, { token: `${call.token}x` })).toEqual({ status: 403, code: 'REMOTE_REFUSED' })
    expect(await post('audit', audit, { host: 'there.example.fr' })).toEqual({ status: 403, code: 'REMOTE_REFUSED' })
    expect(await post('audit', audit, { at: base.replace('/n1', '/n2') })).toEqual({ status: 403, code: 'REMOTE_REFUSED' })
    expect(await post('audit', audit, { host: 'here.example.fr' })).toEqual({ status: 200, value: 'done' })
    call.close()
    call.close()
    expect(await post('audit', { ...audit, id: 2 })).toEqual({ status: 403, code: 'REMOTE_REFUSED' })
    expect(tokens.count).toBe(0)
  })

  test('[R136] is done once, however often it arrives', async () => {
    const { post, asked } = await rig()
    const audit = { id: 7, with: { action: 'x.y', target: 'z' } }
    expect(await post('audit', audit)).toEqual({ status: 200, value: 'done' })
    expect(await post('audit', audit)).toEqual({ status: 403, code: 'REMOTE_REFUSED' })
    expect(asked).toHaveLength(1)
  })

  test.each([
    ['db.run', { id: 1, with: { statement: 1, sql: 'select 1', values: [] } }, 404, 'NOT_FOUND'],
    ['tx.begin', { id: 1, with: { tx: 1 } }, 404, 'NOT_FOUND'],
    ['constructor', { id: 1, with: {} }, 404, 'NOT_FOUND'],
    ['audit/../use', { id: 1, with: {} }, 400, 'REQUEST_INVALID'],
    ['audit', { id: 1, with: { action: 'x.y', target: 'z', tenant: 't2' } }, 400, 'REQUEST_INVALID'],
    ['audit', { id: 0, with: { action: 'x.y', target: 'z' } }, 400, 'REQUEST_INVALID'],
    ['audit', { id: 1, with: { action: 'x.y', target: 'z' }, tenant: 't2' }, 400, 'REQUEST_INVALID'],
    ['audit', [], 400, 'REQUEST_INVALID'],
    ['audit', '{"id":1,', 400, 'REQUEST_INVALID'],
    ['audit', '', 400, 'REQUEST_INVALID'],
  ])('[R137] what is not offered, or asked wrongly, is refused before anything is done: %s %j', async (what, body, status, code) => {
    const { post, asked } = await rig()
    expect(await post(what, body)).toEqual({ status, code })
    expect(asked).toEqual([])
  })

  test('[R137] no more than 32 questions of a call are read at once: the next is refused before it is read, and served once there is a place', async () => {
    const { post, call, asked } = await rig()
    const places = Array.from({ length: 32 }, () => call.begin())
    expect(await post('audit', '{"id":')).toEqual({ status: 403, code: 'REMOTE_REFUSED' })
    places[0]?.()
    // It gives its place back each time, also when it is refused.
    for (let turn = 0; turn < 3; turn += 1) expect(await post('audit', '{"id":')).toEqual({ status: 400, code: 'REQUEST_INVALID' })
    expect(await post('audit', { id: 1, with: { action: 'x.y', target: 'z' } })).toEqual({ status: 200, value: 'done' })
    expect(await post('audit', { id: 2, with: { action: 'x.y', target: 'z' } })).toEqual({ status: 200, value: 'done' })
    expect(asked).toHaveLength(2)
  })

  test('[R137] a question that is nested too deeply is refused before it is looked at', async () => {
    const { post, asked } = await rig()
    const nested = (levels: number): string => `{"id":${levels},"with":{"service":"a/v1","operation":"b","input":${'['.repeat(levels)}${']'.repeat(levels)}}}`
    expect(await post('use', nested(100_000))).toEqual({ status: 400, code: 'REQUEST_INVALID' })
    expect(asked).toEqual([])
    expect(await post('use', nested(100))).toEqual({ status: 200, value: 'done' })
  })

  test('[R137] a question that is too large is not read to its end, and one that fails inside tells nothing of it', async () => {
    const { post, asked, logged } = await rig(async () => { throw new Error('postgres://user:secret@db') })
    expect(await post('log', { id: 1, with: { level: 'info', message: 'x', detail: 'y'.repeat(17 * 1_048_576) } }).catch(() => 'cut')).toSatisfy((answer) => answer === 'cut' || (answer as { status: number }).status === 413)
    expect(asked).toEqual([])
    expect(await post('audit', { id: 1, with: { action: 'x.y', target: 'z' } })).toEqual({ status: 500, code: 'INTERNAL' })
    expect(logged).toHaveLength(1)
  })
})
