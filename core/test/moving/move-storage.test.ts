import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Platform } from '../../src/platform.ts'
import { createSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts'
import { liberacces, temporaryFolder } from '../cli/cli-kit.ts'
import { BY, copiesOf, exportTo, makeCommune, NOTICES, openPlace, post } from '../leaving/leaving-kit.ts'
import { databaseOfTest } from '../storage/postgres-database.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'

const on = (url: string) => ({ env: { LIBERACCES_DATABASE_URL: url } })

async function noticesOf(platform: Platform, tenantId: string): Promise<readonly string[]> {
  return (await platform.storage.store({ tenantId, pluginId: NOTICES }).db.selectFrom('notice').select('id').orderBy('id').execute()).map((row) => String(row['id']))
}

/** What must be the same on both sides. */
async function contentOf(platform: Platform) {
  const tenant = platform.tenants.bySlug('aytre')
  if (tenant === undefined) throw new Error('There is no Aytré.')
  const key = { tenantId: tenant.id, pluginId: NOTICES }
  return {
    id: tenant.id, hosts: tenant.hosts.slice(1), notices: await noticesOf(platform, tenant.id), copies: await copiesOf(platform, tenant.id),
    accounts: (await platform.accounts.list(tenant.id)).accounts.map(({ id, login }) => [id, login]), lock: await platform.installations.lockOf(tenant.id),
    files: await platform.storage.kernelStore(key).selectFrom('liberacces_file').select(['id', 'sha256']).execute(),
    events: await platform.storage.kernelStore(key).selectFrom('liberacces_outbox').select(['id', 'seq', 'data_json']).orderBy('seq').execute(),
  }
}

test('[J35] a platform moves to PostgreSQL and back by command, with events that wait, and each side refuses to go on once it was left', { timeout: 180_000 }, async () => {
  const url = await databaseOfTest({ empty: true })
  const first = await openPlace()
  const { folder } = first
  const id = await makeCommune(first.platform)
  await post(first.platform, id, 'deuxieme')
  const before = await contentOf(first.platform)
  // Nobody was served: nothing was delivered yet.
  expect(before.copies).toEqual([])
  await first.stop()

  const there = await liberacces(['migrate-storage', '--data', folder], { env: { LIBERACCES_MOVE_TO: url } })
  expect([there.exit, there.out, there.err]).toEqual([0, expect.stringContaining('Moved 2 tenants'), expect.any(String)])
  expect(there.out + there.err).not.toContain(new URL(url).password)
  await expect(openPlace({ folder })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('was moved to') })
  const second = await openPlace({ folder, ...on(url) })
  expect(await contentOf(second.platform)).toEqual(before)
  await second.platform.listen()
  await second.platform.events.settle()
  expect(await copiesOf(second.platform, id)).toEqual(['deuxieme', 'premier'])
  await post(second.platform, id, 'troisieme')
  await second.platform.events.settle()
  const between = await contentOf(second.platform)
  await second.stop()

  expect(await liberacces(['migrate-storage', '--data', folder, '--to', url], on(url))).toMatchObject({ exit: 1, err: expect.stringContaining('MOVE_REFUSED') })
  expect(await liberacces(['migrate-storage', '--data', folder, '--to', 'sqlite'], on(url))).toMatchObject({ exit: 1, err: expect.stringContaining('platform.sqlite') })
  const aside = temporaryFolder()
  for (const name of ['platform.sqlite', 'tenants']) renameSync(join(folder, name), join(aside, name))
  const back = await liberacces(['migrate-storage', '--data', folder, '--to', 'sqlite'], on(url))
  expect([back.exit, back.out, back.err]).toEqual([0, expect.stringContaining('Moved 2 tenants'), expect.any(String)])
  await expect(openPlace({ folder, ...on(url) })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('was moved to') })
  const third = await openPlace({ folder })
  expect(await contentOf(third.platform)).toEqual(between)
  await third.stop()
  expect(await liberacces(['migrate-storage', '--data', folder])).toMatchObject({ exit: 2, err: expect.stringContaining('Where to is not said.') })
  const misnamed = await liberacces(['migrate-storage', '--data', folder, '--to', 'mysql://someone:secret@db/platform'])
  expect(misnamed).toMatchObject({ exit: 2, err: expect.stringContaining('--to is neither') })
  expect(misnamed.err).not.toContain('secret')
})

test('[J36] a move that is cut short is done again, and leaves the source as it was', { timeout: 120_000 }, async () => {
  const url = await databaseOfTest()
  const place = await openPlace()
  const id = await makeCommune(place.platform)
  await place.stop()
  let stores = 0
  const cut = await openPlace({ folder: place.folder, reached: (point) => { if (point === 'move:store' && (stores += 1) === 1) throw new Error('cut short') } })
  await expect(cut.platform.moveTo(url)).rejects.toThrow('cut short')
  await cut.stop()
  const again = await openPlace({ folder: place.folder })
  expect(await noticesOf(again.platform, id)).toEqual(['premier'])
  expect(await again.platform.moveTo(url)).toMatchObject({ tenants: 2, stores: 1 })
  await again.stop()
  const moved = await openPlace({ folder: place.folder, ...on(url) })
  expect(await noticesOf(moved.platform, id)).toEqual(['premier'])
})

test('[J37] a tenant leaves a platform on SQLite for one on PostgreSQL, and the other way round', { timeout: 120_000 }, async () => {
  const old = await openPlace()
  const id = await makeCommune(old.platform)
  const file = join(temporaryFolder(), 'aytre.tar')
  await exportTo(old.platform, file)
  const elsewhere = await openPlace(on(await databaseOfTest()))
  await elsewhere.platform.leaving.import({ file }, BY)
  const content = await contentOf(old.platform)
  expect(await contentOf(elsewhere.platform)).toEqual(content)
  await elsewhere.platform.listen()
  await elsewhere.platform.events.settle()
  expect(await copiesOf(elsewhere.platform, id)).toEqual(['premier'])
  const back = join(temporaryFolder(), 'aytre.tar.gz')
  await exportTo(elsewhere.platform, back)
  const third = await openPlace()
  await third.platform.leaving.import({ file: back }, BY)
  expect(await contentOf(third.platform)).toEqual({ ...content, copies: ['premier'] })
})

test('[J38] a backup of a platform on PostgreSQL comes back into either database', { timeout: 180_000 }, async () => {
  const place = await openPlace(on(await databaseOfTest()))
  await makeCommune(place.platform)
  const out = join(temporaryFolder(), 'backup')
  expect(await place.platform.backup({ out })).toMatchObject({ tenants: 2 })
  const before = await contentOf(place.platform)
  await place.stop()
  const [plain, other] = [join(temporaryFolder(), 'plain'), join(temporaryFolder(), 'other')]
  expect(await liberacces(['restore', out, '--data', plain])).toMatchObject({ exit: 0 })
  expect(await contentOf((await openPlace({ folder: plain })).platform)).toEqual(before)
  const url = await databaseOfTest()
  const restored = await liberacces(['restore', out, '--data', other], on(url))
  expect([restored.exit, restored.err]).toEqual([0, expect.any(String)])
  expect(existsSync(join(other, 'platform.sqlite'))).toBe(false)
  expect(await contentOf((await openPlace({ folder: other, ...on(url) })).platform)).toEqual(before)
})

test('[J36] SQLite takes over the rows of the kernel’s tables too, whatever they refer to', async () => {
  const place = await openPlace()
  await makeCommune(place.platform)
  const moment = await place.platform.storage.momentOf([])
  const path = join(temporaryFolder(), 'platform.sqlite')
  await moment.copyPlatformTo(path)
  await moment.close()
  const target = createSqliteStorage({ folder: temporaryFolder(), outside: new FakeOutside() })
  await target.placePlatform(path)
  const slugs = (storage: Platform['storage']) => storage.platform.selectFrom('tenant').select('slug').orderBy('slug').execute()
  expect(await slugs(target)).toEqual(await slugs(place.platform.storage))
  await target.close()
})
