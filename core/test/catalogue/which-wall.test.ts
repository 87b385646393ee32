import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../src/http/log.ts'
import { createPlatform, readConfig, type Platform } from '../../src/index.ts'
import { runEnvironment } from '../run-environment.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'
import { archiveWith, codeOf } from './archive-kit.ts'
import { BY } from './releases-kit.ts'

const ID = 'fr.test.greeter'
/** Leaves a mark where it is run, but for where the test itself packs it. */
const MARKS = 'if (process.env.PACKING === undefined) globalThis.greeterRanHere = true;'
const WORKS = 'setup(k) { k.worker({ id: "link", kind: "worker" }, async () => {}) },'

const ranHere = (): unknown => (globalThis as { readonly greeterRanHere?: unknown }).greeterRanHere
afterEach(() => { delete (globalThis as { greeterRanHere?: unknown }).greeterRanHere })

async function opened(env: Readonly<Record<string, string>> = {}, more = '', version = '1.0.0'): Promise<{ readonly platform: Platform; readonly spec: string }> {
  const folder = temporaryFolder()
  const platform = await createPlatform({ config: readConfig({ PORT: '0', ...await runEnvironment(folder), ...env }, folder), plugins: [], log: createLog('silent') })
  onTestFinished(async () => { await platform.stop() })
  const spec = join(folder, 'greeter.tgz')
  process.env['PACKING'] = '1'
  await writeFile(spec, await archiveWith({}, codeOf({ version, more, before: MARKS })).finally(() => { delete process.env['PACKING'] }))
  return { platform, spec }
}

test('[R150] an archive whose manifest asks for the platform’s process gets one of its own: looked at, installed and run, none of its code runs here', async () => {
  const { platform, spec } = await opened()
  expect(await platform.releases.verify(spec, '/')).toMatchObject({ ok: true, manifest: { runtime: 'inline' } })
  await platform.releases.install(spec, '/', BY)
  expect(platform.catalogue.runtime(ID, '1.0.0')).toBe('process')
  const { process: own } = await platform.catalogue.load(ID, '1.0.0')
  expect([own?.runtime, own?.pid === process.pid, ranHere()]).toEqual(['process', false, undefined])
})

test.each<Readonly<Record<string, string>>>([{ LIBERACCES_RUNTIME_OF: `${ID}=inline` }, { LIBERACCES_RUNTIME: 'inline' }])('[R150] the operator lets it in by %o', async (env) => {
  const { platform, spec } = await opened(env)
  await platform.releases.install(spec, '/', BY)
  expect([platform.catalogue.runtime(ID, '1.0.0'), (await platform.catalogue.load(ID, '1.0.0')).process, ranHere()]).toEqual(['inline', undefined, true])
})

test('[R151] an archive with workers is installed and runs in a process of its own, its workers too', async () => {
  const { platform, spec } = await opened({}, WORKS)
  expect(await platform.releases.verify(spec, '/')).toMatchObject({ ok: true, manifest: { workers: ['link'] } })
  await platform.releases.install(spec, '/', BY)
  const { process: own, registrations } = await platform.catalogue.load(ID, '1.0.0')
  expect([own?.runtime, registrations.workers.map(({ id }) => id), ranHere()]).toEqual(['process', ['link'], undefined])
})
