import { createHmac, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPlatform, postgresDatabase, readConfig, shareDisk, type Platform } from '@liberacces/core'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { OPERATOR } from '../kernel/kernel-kit.ts'
import { description, sendJson, startFakeApplication, type GotCall } from './fake-application.ts'

const ID = 'org.example.evil'
const WAIT = { timeout: 15_000, interval: 20 }
const TIMES = { beatMs: 200, goneMs: 800, silentMs: 2_500, sureMs: 600 }

interface Node {
  readonly platform: Platform
  get(path: string): Promise<number>
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'liberacces-remote-'))
  onTestFinished(async () => { await rm(path, { recursive: true, force: true }) })
  return path
}

/** Two nodes on one database, and one place for files. */
async function twoNodes(): Promise<readonly [Node, Node]> {
  const database = await postgresDatabase()
  onTestFinished(() => database.drop())
  const secret = randomBytes(32).toString('hex')
  const files = await folder()
  const node = async (): Promise<Node> => {
    const data = await folder()
    shareDisk(data, files)
    const secretFile = join(data, 'secret.txt')
    await writeFile(secretFile, secret)
    const env = { PORT: '0', LIBERACCES_DATA: data, LIBERACCES_DATABASE_URL: database.url, LIBERACCES_SECRET_FILE: secretFile, LIBERACCES_EGRESS_ALLOW: `${ID}=127.0.0.1`, LIBERACCES_BREAKER: 'off' }
    const platform = await createPlatform({ config: readConfig(env, data), log: pino({ level: 'silent' }), plugins: [], nodeTimes: TIMES })
    onTestFinished(async () => { await platform.stop() })
    const { port } = await platform.listen()
    return {
      platform,
      get: (path) => new Promise((resolve, reject) => {
        request({ port, host: '127.0.0.1', path, headers: { host: 'aytre.localhost' } }, (response) => { response.resume().on('end', () => { resolve(response.statusCode ?? 0) }) }).on('error', reject).end()
      }),
    }
  }
  return [await node(), await node()]
}

test('[R265] an application that is added on two nodes at once has one secret, is served by both, asked back at the node that called, and gone from both when it is removed on one', { timeout: 60_000 }, async () => {
  await using application = await startFakeApplication(description({ plugin: { scopes: [] } }))
  const [one, two] = await twoNodes()
  await one.platform.tenants.create({ kind: 'pool', name: 'Pool' }, OPERATOR)
  const { id } = await one.platform.tenants.create({ kind: 'commune', name: 'Aytré' }, OPERATOR)
  await expect.poll(() => two.platform.tenants.bySlug('aytre')?.id, WAIT).toBe(id)

  const added = await Promise.all([one, two].map(({ platform }) => platform.applications.add(application.url, {}, OPERATOR)))
  const told = added.flatMap(({ secret }) => secret ?? [])
  expect([added.map(({ digest }) => digest === added[0]?.digest), told.length]).toEqual([[true, true], 1])
  const secretsOf = ({ platform }: Node): readonly string[] => {
    try {
      return platform.applications.find(ID).secrets
    } catch {
      return []
    }
  }
  for (const node of [one, two]) await expect.poll(() => secretsOf(node), WAIT).toEqual(told)

  // Each call asks back with its token: at the node that called, twice with one number, and at the other one.
  const bases = new Map<string, string>()
  const calls: { readonly base: string; readonly answers: readonly number[] }[] = []
  let hold: Promise<void> = Promise.resolve()
  const ask = async (base: string, token: string, number: number): Promise<number> =>
    (await fetch(`${base}/log`, { method: 'POST', headers: { 'content-type': 'application/json', 'liberacces-call': token }, body: JSON.stringify({ id: number, with: { level: 'info', message: 'hello', detail: {} } }) })).status
  const bodies: string[] = []
  application.answer(async (call: GotCall, response) => {
    bodies.push(JSON.stringify(call))
    const { callback: { url, token } } = call
    bases.set(url, url)
    const other = [...bases.keys()].find((base) => base !== url)
    calls.push({ base: url, answers: [await ask(url, token, 1), await ask(url, token, 1), ...(other === undefined ? [] : [await ask(other, token, 2)])] })
    await hold
    sendJson(response, { kind: 'result', value: { kind: 'reply', status: 200, body: { number: 1 }, headers: {} } })
  })
  await one.platform.installations.enable(id, ID, '*', OPERATOR)
  expect(await one.get('/apps/evil/number')).toBe(200)
  await expect.poll(() => two.get('/apps/evil/number'), WAIT).toBe(200)
  expect(await one.get('/apps/evil/number')).toBe(200)
  expect(bases.size).toBe(2)
  expect(calls[0]?.answers).toEqual([200, 403])
  expect(calls.slice(1).map(({ answers }) => answers)).toEqual(calls.slice(1).map(() => [200, 403, 403]))

  // Whichever node calls, it signs with the one secret, and never twice with one id.
  const both = Promise.withResolvers<void>()
  hold = both.promise
  const under = [one, two, one, two].map((node) => node.get('/apps/evil/number'))
  await expect.poll(() => application.headers.length, WAIT).toBeGreaterThanOrEqual(calls.length)
  both.resolve()
  expect(await Promise.all(under)).toEqual([200, 200, 200, 200])
  const ids = application.headers.map((headers) => headers['webhook-id'])
  expect(new Set(ids).size).toBe(ids.length)
  const key = Buffer.from((told[0] ?? '').slice('whsec_'.length), 'base64')
  const signed = application.headers.map((headers) => bodies.some((body) => headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`).digest('base64')}`))
  expect(signed).toEqual(application.headers.map(() => true))

  // A new secret that one node makes is the other's too, with the one before beside it.
  const renewed = (await two.platform.applications.add(application.url, { renew: true }, OPERATOR)).secret ?? ''
  await expect.poll(() => secretsOf(one), WAIT).toEqual([renewed, told[0]])

  await two.platform.installations.disable(id, ID, OPERATOR)
  await two.platform.removal.purge(id, ID, OPERATOR)
  await two.platform.releases.remove(ID, undefined, OPERATOR)
  for (const node of [one, two]) {
    await expect.poll(() => node.get('/apps/evil/number'), WAIT).toBe(404)
    await expect.poll(() => secretsOf(node), WAIT).toEqual([])
    await expect.poll(() => node.platform.catalogue.find(ID), WAIT).toEqual([])
  }
})
