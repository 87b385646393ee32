import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readArchive } from '../../src/catalogue/archive/read-archive.ts'
import { createReleaseFolder, type WriteFile } from '../../src/catalogue/release-folder.ts'
import type { Platform } from '../../src/platform.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'
import { archiveWith, codeOf, filesOf } from './archive-kit.ts'
import { archiveFile, BY, openPlatform } from './releases-kit.ts'

const ID = 'fr.test.greeter'

async function opened(folder = temporaryFolder()): Promise<{ readonly folder: string; readonly platform: Platform; readonly log: readonly string[] }> {
  const log: string[] = []
  const platform = await openPlatform(folder, { log })
  onTestFinished(async () => { await platform.stop() })
  return { folder, platform, log }
}
const versions = ({ catalogue }: Platform): readonly string[] => catalogue.find(ID).map(({ version }) => version)
const placeOf = (folder: string, version: string): string => join(folder, 'releases', ID, version, 'plugin.tgz')

test('[K9] a release is stored as it came, read-only, audited, and known to the next process; installing it again is harmless', async () => {
  const { folder, platform } = await opened()
  const pool = await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const spec = await archiveFile(folder)
  const done = await platform.releases.install(spec, '/', BY)
  expect(done).toMatchObject({ id: ID, version: '1.0.0', source: basename(spec), isKnown: false, digest: (await readArchive(await archiveWith())).digest })
  expect((await stat(placeOf(folder, '1.0.0'))).mode & 0o777).toBe(0o400)
  expect(await platform.releases.install(spec, '/', BY)).toEqual({ ...done, isKnown: true })
  expect((await platform.audit.list(pool.id, { limit: 10 })).filter(({ action }) => action === 'release.installed')).toMatchObject([{ actor: BY, target: ID, detail: { version: '1.0.0', digest: done.digest } }])
  expect([versions(platform), platform.catalogue.releases, platform.catalogue.digest(ID, '1.0.0')]).toEqual([['1.0.0'], [], done.digest])
  await platform.stop()
  const next = await opened(folder)
  expect([versions(next.platform), next.platform.catalogue.releases, next.log]).toEqual([['1.0.0'], [], []])
  expect((await next.platform.catalogue.load(ID, '1.0.0')).manifest.version).toBe('1.0.0')
})

test('[K9] a version never changes: other content under its name is refused, and what is there stays', async () => {
  const { folder, platform } = await opened()
  const { digest } = await platform.releases.install(await archiveFile(folder), '/', BY)
  const other = await archiveFile(folder, '1.0.0', { 'README.md': 'Other' })
  expect(await platform.releases.verify(other, '/')).toMatchObject({ ok: false, problems: [{ code: 'RELEASE_IMMUTABLE' }] })
  await expect(platform.releases.install(other, '/', BY)).rejects.toMatchObject({ code: 'RELEASE_IMMUTABLE', message: expect.stringContaining(digest) as string })
  expect(platform.catalogue.digest(ID, '1.0.0')).toBe(digest)
})

test('[K9] a folder is taken like the archive that it would be; a source folder is told to be packed; what leads nowhere is told so', async () => {
  const { folder, platform } = await opened()
  const unpacked = join(folder, 'unpacked')
  for (const [path, content] of await filesOf(codeOf())) {
    await mkdir(join(unpacked, path, '..'), { recursive: true })
    await writeFile(join(unpacked, path), content)
  }
  expect(await platform.releases.install('unpacked', folder, BY)).toMatchObject({ digest: (await readArchive(await archiveWith())).digest, source: 'unpacked' })
  await rm(join(unpacked, 'plugin.json'))
  await expect(platform.releases.install(unpacked, '/', BY)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID', fix: expect.stringContaining('certify pack') as string })
  await expect(platform.releases.install('./nowhere.tgz', folder, BY)).rejects.toMatchObject({ code: 'ARCHIVE_UNAVAILABLE' })
  await expect(platform.releases.verify('git+ssh://example.org/evil', folder)).rejects.toMatchObject({ code: 'ARCHIVE_UNAVAILABLE' })
})

test('[K13] verifying says all that is wrong and changes nothing', async () => {
  const { folder, platform } = await opened()
  const verdict = await platform.releases.verify(await archiveFile(folder, '1.0.0', { 'addon.node': 'x', 'package.json': '{}' }), '/')
  expect(verdict.ok ? [] : verdict.problems.map(({ message }) => message).join('\n')).toMatch(/addon\.node is native[\s\S]*|package\.json names no main/)
  expect(await platform.releases.verify(await archiveFile(folder), '/')).toMatchObject({ ok: true, manifest: { id: ID } })
  expect([versions(platform), existsSync(join(folder, 'releases'))]).toEqual([[], false])
})

test('[K14] a release is removed with its archive, one or all of its plugin, but not while a tenant has it in its lock', async () => {
  const { folder, platform } = await opened()
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const tenant = await platform.tenants.create({ kind: 'commune', name: 'Une', slug: 'une' }, BY)
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) await platform.releases.install(await archiveFile(folder, version), '/', BY)
  await platform.installations.enable(tenant.id, ID, '1.1.0', BY)
  await expect(platform.releases.remove(ID, '1.1.0', BY)).rejects.toMatchObject({ code: 'RELEASE_IN_USE', message: expect.stringContaining('needed by une') as string })
  await expect(platform.releases.remove(ID, undefined, BY)).rejects.toMatchObject({ code: 'RELEASE_IN_USE' })
  expect(versions(platform)).toEqual(['2.0.0', '1.1.0', '1.0.0'])
  expect(await platform.releases.remove(ID, '2.0.0', BY)).toEqual([{ id: ID, version: '2.0.0' }])
  expect([versions(platform), await readdir(join(folder, 'releases', ID))]).toEqual([['1.1.0', '1.0.0'], ['1.0.0', '1.1.0']])
  // Off, its data is still that of 1.1.0.
  await platform.installations.disable(tenant.id, ID, BY)
  expect(platform.catalogue.releases).toEqual([])
  await expect(platform.releases.remove(ID, '1.1.0', BY)).rejects.toMatchObject({ code: 'RELEASE_IN_USE' })
  await expect(platform.releases.remove(ID, '3.0.0', BY)).rejects.toMatchObject({ code: 'PLUGIN_UNKNOWN' })
  await expect(platform.releases.remove('fr.test.nobody', undefined, BY)).rejects.toMatchObject({ code: 'PLUGIN_UNKNOWN' })
})

test('[K14] nor one that a tenant may still go back to', async () => {
  const { folder, platform } = await opened()
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const tenant = await platform.tenants.create({ kind: 'commune', name: 'Une', slug: 'une' }, BY)
  for (const version of ['1.0.0', '1.1.0']) await platform.releases.install(await archiveFile(folder, version), '/', BY)
  await platform.installations.enable(tenant.id, ID, '1.0.0', BY)
  await platform.installations.upgrade(tenant.id, ID, { range: '1.1.0', by: BY })
  expect(platform.catalogue.releases.map(({ manifest }) => manifest.version)).toEqual(['1.1.0'])
  await expect(platform.releases.remove(ID, '1.0.0', BY)).rejects.toMatchObject({ code: 'RELEASE_IN_USE', message: expect.stringContaining('needed by une') as string })
  await platform.installations.rollback(tenant.id, ID, { by: BY })
  expect(platform.catalogue.releases.map(({ manifest }) => manifest.version)).toEqual(['1.0.0'])
})

test('[K11] a full disk, one that can only be read and one that is not ours: a clear error, and the state before', async () => {
  for (const [code, words] of [['ENOSPC', 'the disk is full'], ['EROFS', 'can only be read'], ['EACCES', 'may not write']] as const) {
    const folder = temporaryFolder()
    // Half of it arrives, as on a disk that fills up.
    const write: WriteFile = async (path, content) => {
      await writeFile(path, content.subarray(0, content.length / 2))
      throw Object.assign(new Error(`${code}: no`), { code, syscall: 'write' })
    }
    await expect(createReleaseFolder(folder, undefined, write).put({ id: ID, version: '1.0.0' }, Buffer.from('archive'))).rejects.toMatchObject({ code: 'RELEASE_NOT_STORED', message: expect.stringContaining(words) as string })
    expect([await createReleaseFolder(folder).list(), await createReleaseFolder(folder).clean([])]).toEqual([[], []])
  }
  const { folder, platform } = await opened()
  // Something else stands in the place of the folder; root may write everywhere else.
  await writeFile(join(folder, 'releases'), 'a file')
  await expect(platform.releases.install(await archiveFile(folder), '/', BY)).rejects.toMatchObject({ code: 'RELEASE_NOT_STORED' })
  expect(versions(platform)).toEqual([])
  await rm(join(folder, 'releases'))
  expect(await platform.releases.install(await archiveFile(folder), '/', BY)).toMatchObject({ isKnown: false })
})

test('[K11] an archive that is damaged or missing on disk keeps only its own release from running, and is repaired by installing it again', async () => {
  const { folder, platform } = await opened()
  const spec = await archiveFile(folder)
  await platform.releases.install(spec, '/', BY)
  // Several nodes share what is installed, and one gets anew what it misses: here no other has it either.
  const forgotten = () => platform.storage.platform.deleteFrom('kept_file').execute()
  for (const harm of [() => writeFile(placeOf(folder, '1.0.0'), 'other'), () => rm(join(folder, 'releases', ID), { recursive: true })]) {
    await rm(placeOf(folder, '1.0.0'), { force: true })
    await harm()
    await forgotten()
    await expect(platform.catalogue.load(ID, '1.0.0')).rejects.toMatchObject({ code: 'RELEASE_DAMAGED' })
    await platform.releases.install(spec, '/', BY)
    expect((await platform.catalogue.load(ID, '1.0.0')).manifest.id).toBe(ID)
    await platform.catalogue.unload(ID, '1.0.0')
  }
  await rm(join(folder, 'releases'), { recursive: true })
  await forgotten()
  await platform.stop()
  const next = await opened(folder)
  expect(next.log.join()).toContain('the archive of an installed release is missing')
  expect(versions(next.platform)).toEqual(['1.0.0'])
})

test('[K10] what an interrupted installation or removal left is taken away at the next start, and said', async () => {
  const { folder, platform } = await opened()
  await platform.releases.install(await archiveFile(folder), '/', BY)
  await platform.stop()
  await mkdir(join(folder, 'releases', '.staging', 'half'), { recursive: true })
  await mkdir(join(folder, 'releases', ID, '9.0.0'), { recursive: true })
  const next = await opened(folder)
  expect([await readdir(join(folder, 'releases')), await readdir(join(folder, 'releases', ID)), versions(next.platform)]).toEqual([[ID], ['1.0.0'], ['1.0.0']])
  expect(next.log.join()).toMatch(/removed what an interrupted.*/)
  expect(next.log.join()).toContain(`${ID}/9.0.0`)
})
