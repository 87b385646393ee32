import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { restoreBackup } from '../../src/backup/restore-backup.ts'
import type { Platform } from '../../src/platform.ts'
import { temporaryFolder } from '../cli/cli-kit.ts'
import { said, saidJson } from '../cli/spoken.ts'
import { BY, exportTo, makeCommune, MIRROR, NOTICES, openPlace } from '../leaving/leaving-kit.ts'
import { s3Place, useS3Service } from './s3-service.ts'

const { service, address } = useS3Service()
const TEXT = { name: 'note.txt', type: 'text/plain' }
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

beforeEach(() => { service.fault = () => undefined })

/** A prefix in the bucket, and the environment of a platform whose files lie there. */
function newBucket() {
  const at = address()
  const keys = { AWS_ENDPOINT_URL: at.endpoint, AWS_REGION: at.region, AWS_ACCESS_KEY_ID: at.accessKeyId, AWS_SECRET_ACCESS_KEY: at.secretAccessKey }
  const place = `s3://${at.bucket}/${at.prefix.slice(0, -1)}`
  const { paths, ownPaths, write } = s3Place(at)
  return { keys, place, env: { ...keys, LIBERACCES_FILES: place }, paths, ownPaths, write }
}

/** The texts of a plugin's files of a tenant, as rows and bytes have them. */
async function textsOf(platform: Platform, tenantId: string, pluginId = NOTICES): Promise<readonly string[]> {
  const key = { tenantId, pluginId }
  const rows = await platform.storage.kernelStore(key).selectFrom('liberacces_file').select('id').execute()
  const texts = await Promise.all(rows.map(async ({ id }) => Buffer.from(await (await platform.files.of(key).get(id))?.bytes() ?? []).toString()))
  return texts.toSorted()
}

describe('a platform with its files in a bucket', () => {
  test('[F40] exports to one on a disk, and imports from it', { timeout: 120_000 }, async () => {
    const [first, third] = [newBucket(), newBucket()]
    const one = await openPlace({ env: first.env })
    const id = await makeCommune(one.platform)
    await one.platform.files.of({ tenantId: id, pluginId: MIRROR }).put(Buffer.alloc(9_000_000, 'x'), TEXT)
    expect([(await first.paths()).length, readdirSync(join(one.folder, 'files')).toSorted()]).toEqual([2, ['.incoming', '.place']])
    await exportTo(one.platform, join(one.folder, 'un.tar'))
    const two = await openPlace()
    await two.platform.leaving.import({ file: join(one.folder, 'un.tar') }, BY)
    expect(await textsOf(two.platform, id)).toEqual(['plan du bourg'])
    await exportTo(two.platform, join(two.folder, 'deux.tar'))
    const three = await openPlace({ env: third.env })
    await three.platform.leaving.import({ file: join(two.folder, 'deux.tar') }, BY)
    expect([await textsOf(three.platform, id), (await textsOf(three.platform, id, MIRROR)).map(({ length }) => length), await third.ownPaths()]).toEqual([['plan du bourg'], [9_000_000], []])
    expect((await third.paths()).toSorted()).toEqual((await first.paths()).toSorted())
  })

  test('[F40] an import that the bucket does not take leaves nothing, there or here', { timeout: 120_000 }, async () => {
    const one = await openPlace()
    const id = await makeCommune(one.platform)
    await exportTo(one.platform, join(one.folder, 'un.tar'))
    const bucket = newBucket()
    const { platform, folder } = await openPlace({ env: bucket.env })
    service.fault = ({ method, url }) => (method === 'PUT' && url.includes(`${id}/`) ? { kind: 'refuse', status: 403, code: 'AccessDenied' } : undefined)
    await expect(platform.leaving.import({ file: join(one.folder, 'un.tar') }, BY)).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE' })
    service.fault = () => undefined
    expect([platform.tenants.byId(id), await bucket.paths(), readdirSync(join(folder, 'leaving'))]).toEqual([undefined, [], []])
    await bucket.write(`${id}/${NOTICES}/aa/${'a'.repeat(64)}`, bytes('x'))
    await expect(platform.leaving.import({ file: join(one.folder, 'un.tar') }, BY)).rejects.toMatchObject({ code: 'TENANT_EXISTS' })
  })

  test('[F40] purges a plugin without residue, and puts its archive back', { timeout: 120_000 }, async () => {
    const bucket = newBucket()
    const { platform } = await openPlace({ env: bucket.env })
    const id = await makeCommune(platform)
    for (const pluginId of [MIRROR, NOTICES]) await platform.installations.disable(id, pluginId, BY)
    expect((await platform.removal.residue(id, NOTICES)).files).toBe(1)
    const { archive, residue } = await platform.removal.purge(id, NOTICES, BY)
    // On PostgreSQL archives lie there too, where no plugin looks.
    const left = (await bucket.ownPaths()).filter((path) => !path.startsWith(`.archives/${id}/${archive.id}/`))
    expect([residue.files, residue.snapshots, await bucket.paths(), left]).toEqual([0, 0, [], []])
    await platform.removal.restore(id, archive.id, BY)
    expect([await textsOf(platform, id), (await bucket.paths()).length]).toEqual([['plan du bourg'], 1])
  })

  test('[F40] goes back to a snapshot, which costs no copy of what is still there; a deleted tenant leaves nothing', { timeout: 120_000 }, async () => {
    const bucket = newBucket()
    const { platform } = await openPlace({ env: bucket.env })
    const id = await makeCommune(platform)
    const key = { tenantId: id, pluginId: NOTICES }
    const { snapshots } = platform.installations
    const own = platform.files.of(key)
    const gone = await own.put(bytes('bientôt parti'), TEXT)
    service.seen.length = 0
    const snapshot = await snapshots.take(key, { version: '1.0.0', digest: undefined }, 'upgrade')
    expect(service.seen.filter((line) => line.startsWith('PUT '))).toHaveLength(1)
    await own.delete(gone.id)
    await own.put(bytes('venu depuis'), TEXT)
    expect([await snapshots.bytesOf(id), await platform.files.bytesOf(id)]).toEqual([bytes('bientôt parti').length + snapshot.bytes, 'plan du bourg'.length + 'venu depuis'.length])
    await snapshots.restore(snapshot)
    expect(await textsOf(platform, id)).toEqual(['bientôt parti', 'plan du bourg'])
    await snapshots.drop(snapshot)
    expect(await bucket.ownPaths()).toEqual([])
    await snapshots.take(key, { version: '1.0.0', digest: undefined }, 'upgrade')
    await platform.tenants.delete('aytre', BY)
    expect([await bucket.paths(), await bucket.ownPaths()]).toEqual([[], []])
  })

  test('[F40] a backup holds all of it, fetches only what an older one does not have, and is refused in the bucket’s stead until its files are moved', { timeout: 120_000 }, async () => {
    const bucket = newBucket()
    const { platform, stop } = await openPlace({ env: bucket.env })
    const id = await makeCommune(platform)
    const key = { tenantId: id, pluginId: NOTICES }
    const held = await platform.files.of(key).put(bytes('tenu'), TEXT)
    await platform.installations.snapshots.take(key, { version: '1.0.0', digest: undefined }, 'upgrade')
    await platform.files.delete(key, held.id)
    const [older, newer] = [join(temporaryFolder(), 'un'), join(temporaryFolder(), 'deux')]
    await platform.backup({ out: older })
    const late = await platform.files.of(key).put(bytes('plus tard'), TEXT)
    service.seen.length = 0
    await platform.backup({ out: newer, since: older })
    expect(service.seen.filter((line) => /^GET .*\/[0-9a-f]{64}$/.test(line)).map((line) => line.split('/').at(-1))).toEqual([late.sha256])
    await stop()

    const data = join(temporaryFolder(), 'data')
    await restoreBackup(newer, data)
    const other = newBucket()
    // Brought back, it is a data folder, whatever it was before.
    const there = { LIBERACCES_DATABASE_URL: '' }
    // [F39] Elsewhere than it is told to look, all files would seem lost.
    await expect(openPlace({ folder: data, env: { ...other.env, ...there } })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/^LIBERACCES_FILES: files lie in .* and it says s3:/) as string })
    await saidJson(['migrate-files', '--to', other.place, '--data', data], { env: { ...other.keys, ...there } })
    const again = await openPlace({ folder: data, env: { ...other.env, ...there } })
    expect(await textsOf(again.platform, id)).toEqual(['plan du bourg', 'plus tard'])
    const [snapshot] = await again.platform.installations.snapshots.list(key)
    if (snapshot === undefined) throw new Error('The snapshot did not come along.')
    await again.platform.installations.snapshots.restore(snapshot)
    expect(await textsOf(again.platform, id)).toEqual(['plan du bourg', 'tenu'])
  })

  test('[F39] one that is told to look elsewhere than its files lie does not start', { timeout: 60_000 }, async () => {
    const [bucket, other] = [newBucket(), newBucket()]
    const { folder, stop } = await openPlace({ env: bucket.env })
    await stop()
    await expect(openPlace({ folder })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(`lie at ${bucket.place}`) as string, fix: expect.stringContaining('migrate-files --to disk') as string })
    await expect(openPlace({ folder, env: other.env })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(`and not at ${other.place}`) as string })
    await (await openPlace({ folder, env: bucket.env })).stop()
  })

  test('[C10] doctor says whether files can be reached where the platform is told to look', { timeout: 60_000 }, async () => {
    const bucket = newBucket()
    const { folder, stop } = await openPlace({ env: bucket.env })
    await stop()
    const found = async (env: Readonly<Record<string, string>>): Promise<unknown> => {
      const { out } = await said(['doctor', '--json', '--data', folder], { env: { PORT: '0', ...env } })
      return (JSON.parse(out) as { checks: { id: string }[] }).checks.find(({ id }) => id === 'files')
    }
    expect(await found(bucket.env)).toMatchObject({ status: 'ok', what: expect.stringContaining(bucket.place) as string })
    expect(await found({})).toMatchObject({ status: 'broken', what: expect.stringContaining(`files lie at ${bucket.place}`) as string })
    expect(await found({ ...bucket.env, AWS_SECRET_ACCESS_KEY: 'faux' })).toMatchObject({ status: 'broken', what: expect.stringContaining('does not fit the access key') as string })
  })
})

describe('moving files', () => {
  test('[F41] to a bucket and back, counted before, from where it was cut short, and with its line in the trail', { timeout: 120_000 }, async () => {
    const bucket = newBucket()
    const { platform, folder, stop } = await openPlace()
    const id = await makeCommune(platform)
    const key = { tenantId: id, pluginId: NOTICES }
    for (const text of ['un', 'deux', 'trois']) await platform.files.of(key).put(bytes(text), TEXT)
    await stop()
    const data = ['--data', folder]
    const move = (to: string, ...more: readonly string[]) => said(['migrate-files', '--to', to, ...data, ...more], { env: bucket.keys })
    const counted = await move(bucket.place, '--dry-run', '--json')
    expect([JSON.parse(counted.out), await bucket.paths()]).toMatchObject([{ files: 4, copied: 4, tenants: 1, dryRun: true, moved: false }, []])
    let uploads = 0
    service.fault = ({ method, url }) => (method === 'PUT' && /\/[0-9a-f]{64}$/.test(url) && (uploads += 1) > 2 ? { kind: 'refuse', status: 403, code: 'AccessDenied' } : undefined)
    expect(await move(bucket.place)).toMatchObject({ exit: 1, err: expect.stringContaining('the key may not do that') as string })
    service.fault = () => undefined
    expect([(await bucket.paths()).length, existsSync(join(folder, 'files', '.place'))]).toEqual([2, false])
    const moved = await move(bucket.place)
    expect(moved).toMatchObject({ exit: 0, out: expect.stringMatching(/2 copied, 2 were there already.*\nStart with LIBERACCES_FILES=s3:[^\n]*\nThose of the data folder were put aside/) as string })
    expect(readdirSync(join(folder, 'files')).toSorted()).toEqual(['.incoming', '.place'])
    const there = await openPlace({ folder, env: bucket.env })
    expect([await textsOf(there.platform, id), (await there.platform.audit.list(there.platform.tenants.pool()?.id ?? '', { limit: 5, action: 'files.migrated' })).map(({ target }) => target)]).toEqual([['deux', 'plan du bourg', 'trois', 'un'], [bucket.place]])
    await there.stop()

    expect(await said(['migrate-files', '--to', bucket.place, ...data], { env: bucket.env })).toMatchObject({ exit: 1, err: expect.stringContaining('already') as string })
    expect(await said(['migrate-files', '--to', 'disk', ...data], { env: bucket.env })).toMatchObject({ exit: 0, out: expect.stringContaining('Start without LIBERACCES_FILES.') as string })
    const back = await openPlace({ folder })
    expect(await textsOf(back.platform, id)).toEqual(['deux', 'plan du bourg', 'trois', 'un'])
    expect(await move(bucket.place)).toMatchObject({ exit: 1, err: expect.stringContaining('DATA_LOCKED') as string })
  })

  test('[F41] a damaged file is named, and keeps all from going over unless it is left behind on purpose', { timeout: 120_000 }, async () => {
    const bucket = newBucket()
    const { platform, folder, stop } = await openPlace()
    const id = await makeCommune(platform)
    const { sha256 } = await platform.files.of({ tenantId: id, pluginId: NOTICES }).put(bytes('intact'), TEXT)
    await stop()
    writeFileSync(join(folder, 'files', id, NOTICES, sha256.slice(0, 2), sha256), 'autres')
    const args = ['migrate-files', '--to', bucket.place, '--data', folder]
    expect(await said(args, { env: bucket.keys })).toMatchObject({ exit: 1, out: expect.stringContaining(`damaged: ${id}/${NOTICES}/${sha256.slice(0, 2)}/${sha256}`) as string })
    expect([(await bucket.paths()).length, existsSync(join(folder, 'files', '.place'))]).toEqual([1, false])
    expect(await said([...args, '--leave-damaged'], { env: bucket.keys })).toMatchObject({ exit: 0 })
    expect(existsSync(join(folder, 'files', '.place'))).toBe(true)
    rmSync(folder, { recursive: true, force: true })
  })
})
