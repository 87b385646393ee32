import { collectRegistrations, manifestOf, type Manifest } from '@liberacces/sdk/host'
import { Agent, request } from 'node:http'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { expect, onTestFinished } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import type { PluginSource } from '../../../src/catalogue/plugin-source.ts'
import { pinnedFetch } from '../../../src/egress/pinned-fetch.ts'
import { machineRandom } from '../../../src/machine-random.ts'
import { createPlatform, type Platform } from '../../../src/platform.ts'
import { bundlePlugin } from '../../../src/process/bundle-plugin.ts'
import { temporaryFolder } from '../../storage/temporary-storage.ts'
import plugin from './member-plugin.tsx'

export const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
export const WAIT = { timeout: 20_000, interval: 10 }

let bundled: Promise<string> | undefined

/** The member of a letter, which may ask the one of another letter. */
export function member(letter: string, version = '1.0.0'): PluginSource {
  const id = `member-${letter}`
  const own = (text: string): string => text.replaceAll('member-a', id).replaceAll('member-first', 'member-a').replaceAll('member-other', letter === 'a' ? 'member-b' : 'member-a').replaceAll('1.0.0', version)
  return {
    name: `${id} ${version}`, runtime: 'process',
    manifest: JSON.parse(own(JSON.stringify(manifestOf(plugin, collectRegistrations(plugin))))) as Manifest,
    load: () => Promise.reject(new Error('It runs in a process of its own.')),
    code: async () => {
      bundled ??= bundlePlugin(fileURLToPath(new URL('member-plugin.tsx', import.meta.url)))
      return { file: `${id}@${version}/plugin.cjs`, text: own(await bundled) }
    },
  }
}

/** What was answered. */
export interface Answer {
  readonly status: number
  readonly body: string
}

/** A platform whose members run in processes, at two communes. */
export async function openMembers(letters: readonly string[], groups: string, more: readonly PluginSource[] = [], versions: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder()
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'info' }, new Writable({ write: (line: Buffer, _encoding, done) => {
    for (const one of line.toString().split('\n').filter((text) => text !== '')) lines.push(JSON.parse(one) as Record<string, unknown>)
    done()
  } }))
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_PROCESS_GROUPS: groups }, folder), plugins: [...letters.map((letter) => member(letter)), ...more], log,
    outside: { now: Date.now, randomBytes: machineRandom(), fetch: pinnedFetch }, healthRules: { restart: { firstPauseMs: 100 } },
  })
  onTestFinished(async () => { await platform.stop() })
  expect(platform.catalogue.rejected).toEqual([])
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  for (const name of ['Aytré', 'Nieul']) {
    const { id } = await platform.tenants.create({ kind: 'commune', name }, BY)
    for (const letter of letters) await platform.installations.enable(id, idOf(letter), versions[letter] ?? '*', BY)
  }
  const { port } = await platform.listen()
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => { agent.destroy() })
  const ask = (path: string, { slug = 'aytre', method = 'GET', cookie = '' } = {}): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    request({ port, host: '127.0.0.1', method, path, headers: { host: `${slug}.localhost`, accept: cookie === '' ? 'application/json' : 'text/html', cookie, origin: `http://${slug}.localhost`, 'sec-fetch-site': 'same-origin' }, agent }, (response) => {
      let body = ''
      response.on('data', (chunk) => { body += String(chunk) }).on('end', () => { resolve({ status: response.statusCode ?? 0, body }) })
    }).on('error', reject).end()
    return promise
  }
  let reader: string | undefined
  /** A page of the console, as an administrator of the Pool reads it. */
  const readConsole = async (path: string): Promise<string> => {
    const poolId = platform.tenants.pool()?.id ?? ''
    reader ??= (await platform.accounts.create(poolId, { login: 'claire', name: 'Claire Petit', password: 'a-long-enough-test-password', roles: ['pool-admin'] }, BY)).id
    const { token } = await platform.sessions.open(poolId, reader)
    const { body } = await ask(path, { slug: 'pool', cookie: `liberacces_session=${token}` })
    return body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  }
  const processOf = (letter: string, version = '1.0.0') => platform.catalogue.release(idOf(letter), version)?.process
  return { platform, lines, ask, readConsole, processOf, pids: () => letters.map((letter) => processOf(letter)?.pid), crashes: async () => (await crashesOf(platform)).toSorted() }
}

export function idOf(letter: string): string {
  return `fr.test.member-${letter}`
}

async function crashesOf({ storage }: Platform): Promise<readonly string[]> {
  const rows = await storage.platform.selectFrom('plugin_crash').select(['plugin_id', 'counts']).execute()
  return rows.map(({ plugin_id: id, counts }) => `${id.at(-1) ?? ''} ${counts === 1 ? 'counts' : 'unsure'}`)
}
