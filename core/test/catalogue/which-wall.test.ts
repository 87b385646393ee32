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

test('[R151] an archive that needs the platform’s process and is not let in is refused when it is looked at and when it is installed, with what to set; once it is set, it is installed', async () => {
  const { platform, spec } = await opened({}, WORKS)
  const refusal = { code: 'INLINE_NOT_ALLOWED', message: expect.stringContaining('workers (link)') as string, fix: expect.stringContaining(`LIBERACCES_RUNTIME_OF=${ID}=inline`) as string }
  expect(await platform.releases.verify(spec, '/')).toMatchObject({ ok: false, problems: [refusal] })
  await expect(platform.releases.install(spec, '/', BY)).rejects.toMatchObject(refusal)
  expect([platform.catalogue.find(ID), ranHere()]).toEqual([[], undefined])
  const allowed = await opened({ LIBERACCES_RUNTIME_OF: `${ID}=inline` }, WORKS)
  expect(await allowed.platform.releases.install(allowed.spec, '/', BY)).toMatchObject({ id: ID })
})
