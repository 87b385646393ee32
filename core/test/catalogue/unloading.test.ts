import { writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import type { Platform } from '../../src/platform.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'
import { archiveWith, codeOf } from './archive-kit.ts'
import { archiveFile, BY, openPlatform } from './releases-kit.ts'

const ID = 'fr.test.greeter'
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Collects as long as something is still there, at most a few times: what a task still holds goes with the task. */
async function isGone(reference: WeakRef<object>): Promise<boolean> {
  for (let round = 0; round < 20 && reference.deref() !== undefined; round += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
  return reference.deref() === undefined
}

const isLoaded = ({ catalogue }: Platform): boolean => catalogue.release(ID, '1.0.0') !== undefined

/** In a function of its own, whose frame is gone before anything is collected. */
function referencesTo({ catalogue }: Platform): readonly WeakRef<object>[] {
  const release = catalogue.release(ID, '1.0.0')
  return release === undefined ? [] : [release, release.plugin, release.plugin.setup, release.registrations, release.scope].map((held) => new WeakRef(held))
}

async function ask(port: number, slug: string, path = ''): Promise<{ readonly status: number; readonly text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly status: number; readonly text: string }>()
  request({ port, host: '127.0.0.1', path: `/apps/greeter/${path}`, headers: { host: `${slug}.localhost`, connection: 'close' } }, (answer) => {
    let text = ''
    answer.on('data', (part: Buffer) => { text += part.toString() }).on('end', () => { resolve({ status: answer.statusCode ?? 0, text }) })
  }).on('error', reject).end()
  return promise
}

/** A platform that serves, with two communes. */
async function served(): Promise<{ readonly platform: Platform; readonly folder: string; readonly port: number; readonly ids: readonly [string, string] }> {
  const folder = temporaryFolder()
  const platform = await openPlatform(folder)
  onTestFinished(async () => { await platform.stop() })
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const make = async (slug: string): Promise<string> => (await platform.tenants.create({ kind: 'commune', name: slug, slug }, BY)).id
  const ids = [await make('une'), await make('deux')] as const
  return { platform, folder, ids, port: (await platform.listen()).port }
}

test('[K4] two communes run two releases from archives in one process, without restart', async () => {
  const { platform, folder, port, ids } = await served()
  for (const version of ['1.0.0', '1.1.0']) await platform.releases.install(await archiveFile(folder, version), '/', BY)
  await platform.installations.enable(ids[0], ID, '1.0.0', BY)
  await platform.installations.enable(ids[1], ID, '*', BY)
  expect([await ask(port, 'une'), await ask(port, 'deux')]).toEqual([{ status: 200, text: '{"version":"1.0.0"}' }, { status: 200, text: '{"version":"1.1.0"}' }])
})

test('[K15] a release that nobody runs any more is let go wholly: after the last tenant its code can be collected, and its pages are gone', async () => {
  const { platform, folder, port, ids } = await served()
  await platform.releases.install(await archiveFile(folder), '/', BY)
  for (const id of ids) await platform.installations.enable(id, ID, '*', BY)
  const references = referencesTo(platform)
  expect((await ask(port, 'une')).status).toBe(200)
  await platform.installations.disable(ids[0], ID, BY)
  expect(isLoaded(platform)).toBe(true)
  await platform.installations.disable(ids[1], ID, BY)
  expect([isLoaded(platform), platform.catalogue.find(ID).length, (await ask(port, 'une')).status]).toEqual([false, 1, 404])
  expect(await Promise.all(references.map(isGone))).toEqual(references.map(() => true))

  // And it comes back when somebody wants it.
  await platform.installations.enable(ids[0], ID, '*', BY)
  expect([isLoaded(platform), (await ask(port, 'une')).status]).toEqual([true, 200])
}, 20_000)

test('[K15] a request under way on a release that is let go is answered by it', async () => {
  const { platform, folder, port, ids } = await served()
  const slow = 'setup(k) { k.route({ method: "GET", path: "/", audience: "public", summary: "x", response: { 200: Type.Object({}) } }, async (c) => { globalThis.greeterAsked(); await globalThis.greeterGate; return c.reply(200, {}) }) },'
  const asked = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  Object.assign(globalThis, { greeterAsked: asked.resolve, greeterGate: gate.promise })
  const path = join(folder, 'slow.tgz')
  await writeFile(path, await archiveWith({}, codeOf({ more: slow })))
  await platform.releases.install(path, '/', BY)
  await platform.installations.enable(ids[0], ID, '*', BY)
  const answer = ask(port, 'une')
  await asked.promise
  const off = platform.installations.disable(ids[0], ID, BY)
  gate.resolve()
  await off
  expect(await answer).toEqual({ status: 200, text: '{}' })
  expect((await ask(port, 'une')).status).toBe(404)
}, 20_000)
