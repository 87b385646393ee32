import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archiveFile } from '../catalogue/releases-kit.ts'
import { start, temporaryFolder } from './cli-kit.ts'
import { said } from './spoken.ts'

const ID = 'fr.test.greeter'

test('[K13] verify and install answer for people and for programs, and end with 1 when an archive cannot be installed', async () => {
  const data = temporaryFolder()
  const spec = await archiveFile(data)
  const bad = await archiveFile(data, '2.0.0', { 'addon.node': 'x', 'binding.gyp': '{}' })
  expect(await said(['plugin', 'verify', spec, '--data', data])).toMatchObject({ exit: 0, out: expect.stringContaining(`${ID} 1.0.0 can be installed.`) as string, err: '' })
  const verdict = await said(['plugin', 'verify', bad, '--data', data, '--json'])
  expect([verdict.exit, (JSON.parse(verdict.out) as { readonly ok: boolean; readonly problems: readonly object[] })]).toMatchObject([1, { ok: false, problems: [{ code: 'ARCHIVE_INVALID' }, { code: 'ARCHIVE_INVALID' }] }])
  expect(await said(['plugin', 'install', bad, '--data', data])).toMatchObject({ exit: 1, out: '', err: expect.stringMatching(/addon\.node[\s\S]*binding\.gyp[\s\S]*\(ARCHIVE_INVALID\)/) as string })
  expect(await said(['plugin', 'remove', `${ID}@^1.0`, '--data', data])).toMatchObject({ exit: 2 })
  expect(await said(['plugin', 'remove', ID, '--data', data])).toMatchObject({ exit: 1, err: expect.stringContaining('(PLUGIN_UNKNOWN)') as string })
})

test('[K9] a relative path starts where the command was called, also when a server carries it out, which needs no restart', async () => {
  const data = temporaryFolder()
  // `said` is called from the folder of its own file.
  const spec = join('..', '..', '..', '..', '..', '..', (await archiveFile(data)).slice(1))
  await said(['tenant', 'create', 'Pool', '--kind', 'pool', '--data', data])
  await said(['tenant', 'create', 'Une', '--slug', 'une', '--kind', 'commune', '--data', data])
  const server = await start(['serve', '--data', data])
  expect(await said(['plugin', 'install', spec, '--data', data])).toMatchObject({ exit: 0, out: expect.stringContaining(`Installed ${ID} 1.0.0`) as string })
  expect((await server.get('une', '/apps/greeter/')).status).toBe(404)
  await said(['enable', ID, '--tenant', 'une', '--data', data])
  expect(await (await server.get('une', '/apps/greeter/')).json()).toEqual({ version: '1.0.0' })
  const list = JSON.parse((await said(['plugin', 'list', '--data', data, '--json'])).out) as readonly { readonly id: string }[]
  expect(list.find(({ id }) => id === ID)).toMatchObject({ version: '1.0.0', loaded: true, tenants: 1, usedBy: [{ tenant: 'une', state: 'active' }], digest: expect.stringMatching(/^sha256-/) as string })
  expect(await said(['plugin', 'remove', ID, '--data', data])).toMatchObject({ exit: 1, err: expect.stringContaining('needed by une') as string })
}, 30_000)

test('[K11] doctor names an archive that is not what was installed', async () => {
  const data = temporaryFolder()
  await said(['plugin', 'install', await archiveFile(data), '--data', data])
  expect((await said(['doctor', '--data', data])).out).toContain('1 installed from archives')
  const place = join(data, 'releases', ID, '1.0.0', 'plugin.tgz')
  await chmod(place, 0o600)
  await writeFile(place, 'other')
  expect(await said(['doctor', '--data', data])).toMatchObject({ exit: 1, out: expect.stringContaining('is not what was installed') as string })
})
