import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { PluginSource } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/http/log.ts'
import { createPlatform } from '../../src/platform.ts'
import { bundlePlugin } from '../../src/process/bundle-plugin.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const ID = 'fr.test.doomed'
const WAIT = { timeout: 20_000, interval: 10 }

interface Seen {
  readonly done: readonly string[]
  readonly attempts: readonly string[]
}

test('[R250] a process that is killed in the middle of a worker’s work: the transaction is undone, the worker runs again in the next one and does it once', { timeout: 60_000 }, async () => {
  const source: PluginSource = {
    name: 'working', runtime: 'process', load: () => Promise.reject(new Error('It runs in a process of its own.')),
    code: async () => ({ file: 'working/plugin.cjs', text: await bundlePlugin(fileURLToPath(new URL('working-plugin.ts', import.meta.url))) }),
  }
  const folder = temporaryFolder()
  const lines: string[] = []
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', LIBERACCES_DATA: folder }, folder), plugins: [source], log: createLog('warn', { write: (line: string) => { lines.push(line) } }), healthRules: { restart: { firstPauseMs: 100 } },
  })
  onTestFinished(async () => { await platform.stop() })
  expect(platform.catalogue.rejected).toEqual([])
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  for (const name of ['Aytré', 'Nieul']) await platform.installations.enable((await platform.tenants.create({ kind: 'commune', name }, BY)).id, ID, '*', BY)
  const { port } = await platform.listen()
  const send = (method: string, path: string, slug = 'aytre'): Promise<{ readonly status: number; readonly body: string }> => {
    const { promise, resolve, reject } = Promise.withResolvers<{ readonly status: number; readonly body: string }>()
    request({ port, host: '127.0.0.1', method, path: `/apps/doomed${path}`, headers: { host: `${slug}.localhost`, accept: 'application/json' }, agent: false }, (response) => {
      let body = ''
      response.on('data', (chunk) => { body += String(chunk) }).on('end', () => { resolve({ status: response.statusCode ?? 0, body }) })
    }).on('error', reject).end()
    return promise
  }
  /** What is there; `undefined` while the process is away. */
  const look = async (slug = 'aytre'): Promise<Seen | undefined> => {
    const { status, body } = await send('GET', '/work', slug)
    return status === 200 ? JSON.parse(body) as Seen : undefined
  }
  const health = async (): Promise<unknown> => JSON.parse((await send('GET', '/health')).body)
  const child = (): number | undefined => platform.catalogue.release(ID, '1.0.0')?.process?.pid
  const stateAt = (slug: string): string | undefined => platform.workers.list().find(({ tenantId }) => tenantId === platform.tenants.bySlug(slug)?.id)?.state

  expect((await send('POST', '/tasks/first')).status).toBe(204)
  await expect.poll(() => look(), WAIT).toEqual({ done: ['first'], attempts: ['first'] })
  expect((await send('POST', '/tasks/hold')).status).toBe(204)
  await expect.poll(health, WAIT).toBe('working: En plein travail.')

  const pid = child()
  process.kill(pid ?? 0, 'SIGKILL')
  await expect.poll(() => stateAt('aytre'), WAIT).toBe('troubled')
  await expect.poll(() => ![undefined, pid].includes(child()), WAIT).toBe(true)
  await expect.poll(() => look(), WAIT).toEqual({ done: ['first', 'hold'], attempts: ['first', 'hold', 'hold'] })
  await expect.poll(health, WAIT).toBe('working: En attente.')
  expect([stateAt('aytre'), (await platform.health.crashes.latest(10)).map(({ pluginId }) => pluginId)]).toEqual(['working', [ID]])
  expect(lines.filter((line) => line.includes('a worker failed and will be run again') && line.includes(ID)).length).toBeGreaterThan(0)
  // The other tenant's worker, in the same process, runs again as well.
  expect((await send('POST', '/tasks/there', 'nieul')).status).toBe(204)
  await expect.poll(() => look('nieul'), WAIT).toEqual({ done: ['there'], attempts: ['there'] })
  expect((await look())?.done).toEqual(['first', 'hold'])
})
