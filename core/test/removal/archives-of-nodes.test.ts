import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Platform } from '../../src/platform.ts'
import { createKeptFiles } from '../../src/storage/kept-files.ts'
import { shareDisk } from '../../src/testing/one-disk.ts'
import { s3Place, useS3Service } from '../files/s3-service.ts'
import { signalThatEnds } from '../killed-process.ts'
import { databaseOfTest, postgresStorage } from '../storage/postgres-database.ts'
import { FakeOutside, temporaryFolder } from '../storage/temporary-storage.ts'
import { contentOf, filesOfArchive, fillPlace, GOES, OPERATOR, placeAt, STAYS } from './removal-kit.tsx'

const { address } = useS3Service()
const WAIT = { timeout: 30_000, interval: 50 }
const KILLED = join(import.meta.dirname, 'killed-node.ts')

interface Cluster {
  readonly url: string
  /** A node of this process. */
  node(): Promise<{ readonly platform: Platform; readonly folder: string; readonly stop: () => Promise<void> }>
  /** A node that is a process, dies at a point of a purge or of putting an archive back, and whose disk is lost. */
  killed(point: string, ...about: readonly string[]): Promise<NodeJS.Signals | null>
  /** All that lies where nodes keep files. */
  fileNames(): Promise<readonly string[]>
}

async function cluster(kind: 'disk' | 'bucket'): Promise<Cluster> {
  const secret = join(temporaryFolder(), 'secret.txt')
  writeFileSync(secret, randomBytes(32).toString('hex'))
  const disk = temporaryFolder()
  const at = address()
  const inBucket = { LIBERACCES_FILES: `s3://${at.bucket}/${at.prefix.slice(0, -1)}`, AWS_ENDPOINT_URL: at.endpoint, AWS_REGION: at.region, AWS_ACCESS_KEY_ID: at.accessKeyId, AWS_SECRET_ACCESS_KEY: at.secretAccessKey }
  const place = s3Place(at)
  const env = { LIBERACCES_DATABASE_URL: await databaseOfTest(), LIBERACCES_SECRET_FILE: secret, ...(kind === 'disk' ? {} : inBucket) }
  const folderOfNode = (): string => {
    const folder = temporaryFolder()
    if (kind === 'disk') shareDisk(folder, disk)
    return folder
  }
  return {
    url: env.LIBERACCES_DATABASE_URL,
    async node() {
      const folder = folderOfNode()
      const platform = await placeAt(folder, env).open()
      let isStopped = false
      const stop = async (): Promise<void> => {
        if (!isStopped) await platform.stop()
        isStopped = true
      }
      onTestFinished(stop)
      return { platform, folder, stop }
    },
    async killed(point, ...about) {
      const folder = folderOfNode()
      const before = process.env
      process.env = { ...before, ...env }
      const ended = signalThatEnds(KILLED, folder, point, ...about)
      process.env = before
      const signal = await ended
      await rm(folder, { recursive: true, force: true })
      return signal
    },
    async fileNames() {
      if (kind === 'bucket') return [...await place.paths(), ...await place.ownPaths()]
      const entries = await readdir(disk, { recursive: true, withFileTypes: true })
      return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name).slice(disk.length + 1))
    },
  }
}

const stateOf = async (platform: Platform, tenantId: string) => (await platform.installations.list(tenantId)).find(({ pluginId }) => pluginId === GOES)?.state
const residueOf = async (platform: Platform, tenantId: string) => Object.entries(await platform.removal.residue(tenantId, GOES)).filter(([, count]) => count > 0)
const leftOn = async (folder: string): Promise<readonly string[]> => (await readdir(join(folder, 'archives'), { recursive: true, withFileTypes: true }).catch(() => [])).filter((entry) => entry.isFile()).map(({ name }) => name)

for (const [kind, points] of [['disk', ['purge:placed', 'purge:database']], ['bucket', ['purge:archived']]] as const) {
  test(`[U40] files on a ${kind}: a node that dies at any step of a purge, or of putting an archive back, and whose disk is lost, leaves what another node finishes`, { timeout: 120_000 }, async () => {
    const nodes = await cluster(kind)
    const { platform, folder } = await nodes.node()
    const [tenantId] = await fillPlace(platform)
    await platform.installations.disable(tenantId, GOES, OPERATOR)
    const before = { goes: await contentOf(platform, tenantId, GOES), stays: await contentOf(platform, tenantId, STAYS) }
    let archiveId = ''
    for (const point of points) {
      expect([point, await nodes.killed(point, tenantId)]).toEqual([point, 'SIGKILL'])
      await expect.poll(() => stateOf(platform, tenantId), WAIT).toBe('purged')
      const [archive, ...others] = await platform.removal.archives(tenantId)
      archiveId = archive?.id ?? ''
      expect([point, others, await residueOf(platform, tenantId), await leftOn(folder)]).toEqual([point, [], [], []])
      expect(await contentOf(platform, tenantId, STAYS)).toEqual(before.stays)
      if (point === points.at(-1)) break
      await platform.removal.restore(tenantId, archiveId, OPERATOR)
      expect(await contentOf(platform, tenantId, GOES)).toEqual(before.goes)
      await platform.removal.deleteArchive(tenantId, archiveId, OPERATOR)
    }
    const ended = kind === 'disk' ? await platform.removal.restore(tenantId, archiveId, OPERATOR).then(({ id }) => id) : await nodes.killed('restore:files', tenantId, archiveId)
    expect(ended).toBe(kind === 'disk' ? archiveId : 'SIGKILL')
    await expect.poll(() => stateOf(platform, tenantId), WAIT).toBe('inactive')
    expect(await contentOf(platform, tenantId, GOES)).toEqual(before.goes)
    for (const row of await platform.storage.kernelStore({ tenantId, pluginId: GOES }).selectFrom('liberacces_file').select(['id', 'size']).execute()) {
      expect((await (await platform.files.of({ tenantId, pluginId: GOES }).get(row.id))?.bytes())?.byteLength).toBe(row.size)
    }
    expect([await leftOn(folder), (await nodes.fileNames()).some((name) => name.includes(archiveId))]).toEqual([[], true])
    await platform.removal.deleteArchive(tenantId, archiveId, OPERATOR)
    expect((await nodes.fileNames()).filter((name) => name.includes(archiveId))).toEqual([])
  })
}

test('[U40] [U42] what one node archives another lists, puts back and deletes; then it is nowhere any more', { timeout: 60_000 }, async () => {
  const nodes = await cluster('disk')
  const [one, two] = [await nodes.node(), await nodes.node()]
  const [tenantId, otherId] = await fillPlace(one.platform)
  await one.platform.installations.disable(tenantId, GOES, OPERATOR)
  const before = await contentOf(one.platform, tenantId, GOES)
  const { archive } = await one.platform.removal.purge(tenantId, GOES, OPERATOR)
  expect([await two.platform.removal.archives(tenantId), await two.platform.removal.archives(otherId)]).toEqual([[archive], []])
  await two.platform.removal.restore(tenantId, archive.id, OPERATOR)
  expect(await contentOf(one.platform, tenantId, GOES)).toEqual(before)
  await two.platform.removal.deleteArchive(tenantId, archive.id, OPERATOR)
  expect([await one.platform.removal.archives(tenantId), await leftOn(one.folder), await leftOn(two.folder)]).toEqual([[], [], []])
  expect((await nodes.fileNames()).filter((name) => name.includes(archive.id))).toEqual([])
  await expect(one.platform.removal.restore(tenantId, archive.id, OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_ARCHIVE_UNKNOWN' })
  // With a tenant its archives go too, whichever node made them.
  await one.platform.removal.purge(tenantId, GOES, OPERATOR)
  await two.platform.tenants.delete('commune-1', OPERATOR)
  expect([(await nodes.fileNames()).filter((name) => name.includes(tenantId)), await one.platform.storage.platform.selectFrom('kept_file').select('name').where('name', 'like', 'archives/%').execute()]).toEqual([[], []])
})

test('[U41] an archive that is damaged where it lies is refused by a node that would go on with it: nothing is deleted, and it goes on once the archive is sound', { timeout: 60_000 }, async () => {
  const nodes = await cluster('disk')
  const first = await nodes.node()
  const [tenantId] = await fillPlace(first.platform)
  await first.platform.installations.disable(tenantId, GOES, OPERATOR)
  const before = await contentOf(first.platform, tenantId, GOES)
  await first.stop()
  expect(await nodes.killed('purge:archived', tenantId)).toBe('SIGKILL')
  // Nobody lives who could have gone on yet.
  const storage = await postgresStorage({ url: nodes.url })
  const rows = storage.platform.updateTable('kept_chunk').where('file_id', 'in', (one) => one.selectFrom('kept_file').select('id').where('name', 'like', '%/store.sqlite'))
  const damage = await storage.platform.selectFrom('kept_file').innerJoin('kept_chunk', 'kept_chunk.file_id', 'kept_file.id').select('content').where('name', 'like', '%/store.sqlite').executeTakeFirstOrThrow()
  await rows.set({ content: Buffer.from('other') }).execute()
  const { platform, folder } = await nodes.node()
  await expect.poll(() => platform.removal.purge(tenantId, GOES, OPERATOR).then(() => 'purged', (error: { readonly code: string; readonly message: string; readonly fix: string }) => `${error.code} ${error.message} ${error.fix}`), WAIT).toMatch(/^PLUGIN_ARCHIVE_INVALID .*store\.sqlite.* is not what was put there.*backup/)
  expect([await stateOf(platform, tenantId), await contentOf(platform, tenantId, GOES)]).toEqual(['archived', before])
  await rows.set({ content: damage.content }).execute()
  expect(await platform.removal.purge(tenantId, GOES, OPERATOR)).toMatchObject({ residue: { rows: 0, files: 0, databases: 0 } })
  expect([await stateOf(platform, tenantId), await residueOf(platform, tenantId)]).toEqual(['purged', []])
  const [archive] = await platform.removal.archives(tenantId)
  for (const { path, damage: spoil, mend } of await filesOfArchive(platform, folder, { tenantId, pluginId: GOES }, archive?.id ?? '')) {
    await spoil()
    await expect(platform.removal.restore(tenantId, archive?.id ?? '', OPERATOR), path).rejects.toMatchObject({ code: 'PLUGIN_ARCHIVE_INVALID', message: expect.stringContaining('is damaged') as string })
    await mend()
  }
  await platform.removal.restore(tenantId, archive?.id ?? '', OPERATOR)
  expect(await contentOf(platform, tenantId, GOES)).toEqual(before)
})

test('[U42] what a crash leaves of an archive is swept by any node, and nothing of one that is whole or being made', async () => {
  const nodes = await cluster('disk')
  const { platform, folder, stop } = await nodes.node()
  const [tenantId] = await fillPlace(platform)
  await platform.installations.disable(tenantId, GOES, OPERATOR)
  const { archive } = await platform.removal.purge(tenantId, GOES, OPERATOR)
  const kept = createKeptFiles({ storage: platform.storage, outside: new FakeOutside() })
  const some = join(temporaryFolder(), 'some.txt')
  writeFileSync(some, 'x')
  const names = [`archives/${tenantId}/${GOES}/half/kernel.json`, `archives/${tenantId}/${STAYS}/making/kernel.json`]
  for (const name of names) await kept.publish(name, some)
  const operation = { tenant_id: tenantId, plugin_id: STAYS, kind: 'archive' as const, phase: 'begun', started_at: 0, from_version: null, from_digest: null, to_version: null, to_digest: null, snapshot_id: null, detail_json: '{"archive":"making"}', actor_kind: 'operator' as const, actor_id: 'x', actor_name: 'X', node_id: 'somebody' }
  await platform.storage.platform.insertInto('operation').values(operation).execute()
  await platform.removal.sweep()
  expect([(await kept.names('archives/')).filter((name) => names.includes(name)), await platform.removal.archives(tenantId)]).toEqual([[names[1]], [archive]])
  await platform.storage.platform.deleteFrom('operation').execute()
  await platform.removal.sweep()
  expect((await kept.names('archives/')).filter((name) => names.includes(name))).toEqual([])
  await stop()
  expect(await leftOn(folder)).toEqual([])
})
