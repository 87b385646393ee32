import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { restoreBackup } from '../../src/backup/restore-backup.ts'
import type { Platform } from '../../src/platform.ts'
import { temporaryFolder } from '../cli/cli-kit.ts'
import { said } from '../cli/spoken.ts'
import { BY, copiesOf, makeCommune, NOTICES, openPlace, post } from '../leaving/leaving-kit.ts'

async function noticesOf(platform: Platform, tenantId: string): Promise<readonly string[]> {
  return (await platform.storage.store({ tenantId, pluginId: NOTICES }).db.selectFrom('notice').select('id').orderBy('id').execute()).map((row) => String(row['id']))
}

/** What was backed up from whatever database is brought back into a data folder; from there it may move. */
const RESTORED = { env: { LIBERACCES_DATABASE_URL: '' } }

test('[X15] a backup taken while writes, uploads, events and logins go on holds all that was acknowledged before it; restored, it is sound and goes on', { timeout: 120_000 }, async () => {
  const { platform, folder, stop } = await openPlace()
  const tenants = [await makeCommune(platform), await makeCommune(platform, 'perigny', '17274')]
  await platform.listen()
  let isDone = false
  const acknowledged = { notices: new Map<string, string[]>(tenants.map((id) => [id, []])), files: new Map<string, { id: string; text: string }[]>(tenants.map((id) => [id, []])), logins: new Map<string, string[]>(tenants.map((id) => [id, []])) }
  const busy = tenants.map(async (id, index) => {
    for (let number = 0; !isDone; number += 1) {
      const name = `n-${String(number).padStart(5, '0')}`
      await post(platform, id, name)
      acknowledged.notices.get(id)?.push(name)
      const text = `pièce ${index} ${number}`
      const file = await platform.files.of({ tenantId: id, pluginId: NOTICES }).put(new TextEncoder().encode(text), { name: 'a.txt', type: 'text/plain' })
      acknowledged.files.get(id)?.push({ id: file.id, text })
      if (number % 3 === 1) await platform.files.delete({ tenantId: id, pluginId: NOTICES }, acknowledged.files.get(id)?.splice(0, 1)[0]?.id ?? '')
      if (number % 20 === 0) acknowledged.logins.get(id)?.push((await platform.accounts.create(id, { login: `user-${number}`, name: 'U', password: 'a-long-enough-test-password', roles: ['agent'] }, BY)).id)
      await new Promise((resolve) => { setTimeout(resolve, 1) })
    }
  })
  await expect.poll(() => Math.min(...tenants.map((id) => acknowledged.notices.get(id)?.length ?? 0)), { timeout: 20_000 }).toBeGreaterThan(20)
  const before = tenants.map((id) => ({ id, notices: [...acknowledged.notices.get(id) ?? []], logins: [...acknowledged.logins.get(id) ?? []] }))
  const out = join(temporaryFolder(), 'backup')
  const done = await platform.backup({ out })
  isDone = true
  await Promise.all(busy)
  await stop()
  expect(done.tenants).toBe(3)
  expect(statSync(out).mode & 0o077).toBe(0)
  expect(existsSync(join(out, 'secret.key'))).toBe(false)

  const data = join(temporaryFolder(), 'data')
  const restored = await restoreBackup(out, data)
  expect(restored.entries).toBe(done.entries)
  const after = await openPlace({ folder: data, ...RESTORED })
  await after.platform.listen()
  await after.platform.events.settle()
  for (const { id, notices, logins } of before) {
    const there = await noticesOf(after.platform, id)
    expect(there).toEqual(expect.arrayContaining(notices))
    // Every event has its effect, once, and none comes from what is not there.
    expect(await copiesOf(after.platform, id)).toEqual(there)
    const accounts = (await after.platform.accounts.list(id, { limit: 1_000 })).accounts.map((account) => account.id)
    expect(accounts).toEqual(expect.arrayContaining(logins))
    const key = { tenantId: id, pluginId: NOTICES }
    for (const row of await after.platform.storage.kernelStore(key).selectFrom('liberacces_file').select(['id', 'size']).execute()) {
      expect((await (await after.platform.files.of(key).get(row.id))?.bytes())?.byteLength).toBe(row.size)
    }
  }
  expect(folder).not.toBe(data)
  await after.stop()
  const { exit, out: text } = await said(['doctor', '--json', '--data', data], { env: { PORT: '0', ...RESTORED.env } })
  expect([exit, (JSON.parse(text) as { checks: { status: string }[] }).checks.filter(({ status }) => status === 'broken')]).toEqual([0, []])
})

test('[X16] a backup that was cut short or changed is refused, and what was brought back of it is no data folder', async () => {
  const { platform, stop } = await openPlace()
  await makeCommune(platform)
  const good = join(temporaryFolder(), 'backup')
  await platform.backup({ out: good })
  await stop()
  const manifest = readFileSync(join(good, 'backup.json'))
  const into = (): string => join(temporaryFolder(), 'data')

  rmSync(join(good, 'backup.json'))
  await expect(restoreBackup(good, into())).rejects.toMatchObject({ code: 'BACKUP_INVALID', message: expect.stringContaining('cut short') as string })
  writeFileSync(join(good, 'backup.json'), manifest)

  appendFileSync(join(good, 'platform.sqlite'), 'x')
  const data = into()
  await expect(restoreBackup(good, data)).rejects.toMatchObject({ code: 'BACKUP_INVALID', message: expect.stringContaining('platform.sqlite was changed') as string })
  await expect(openPlace({ folder: data, ...RESTORED })).rejects.toMatchObject({ code: 'DATA_FOLDER_TAKEN' })
  writeFileSync(join(good, 'platform.sqlite'), readFileSync(join(good, 'platform.sqlite')).subarray(0, -1))
  // The same folder again: it begins anew.
  await restoreBackup(good, data)
  await expect(restoreBackup(good, data)).rejects.toMatchObject({ code: 'DATA_FOLDER_TAKEN' })

  const index = readFileSync(join(good, 'index.jsonl'), 'utf8')
  writeFileSync(join(good, 'index.jsonl'), index.replace('platform.sqlite', '../outside.sqlite'))
  await expect(restoreBackup(good, into())).rejects.toMatchObject({ code: 'BACKUP_INVALID' })
})

test('[X16] a process that dies while it makes a backup leaves none', async () => {
  const { platform, stop } = await openPlace({ reached: (point) => { if (point === 'backup:indexed') throw new Error('the process died here') } })
  await makeCommune(platform)
  const out = join(temporaryFolder(), 'backup')
  await expect(platform.backup({ out })).rejects.toThrow('died')
  await stop()
  await expect(restoreBackup(out, join(temporaryFolder(), 'data'))).rejects.toMatchObject({ code: 'BACKUP_INVALID' })
})

test('[X16] a backup is not made into what is not empty, or into the data itself; beside an older one its files are not copied again', async () => {
  const { platform, folder } = await openPlace()
  const id = await makeCommune(platform)
  const older = join(temporaryFolder(), 'one')
  await platform.backup({ out: older })
  await expect(platform.backup({ out: older })).rejects.toMatchObject({ code: 'BACKUP_FAILED' })
  await expect(platform.backup({ out: join(folder, 'backup') })).rejects.toMatchObject({ code: 'BACKUP_FAILED' })
  const newer = join(temporaryFolder(), 'two')
  await platform.backup({ out: newer, since: older })
  const blob = (base: string): number => {
    const top = join(base, 'files', id, NOTICES)
    const [part = ''] = readdirSync(top)
    const [name = ''] = readdirSync(join(top, part))
    return statSync(join(top, part, name)).ino
  }
  expect(blob(newer)).toBe(blob(older))
})
