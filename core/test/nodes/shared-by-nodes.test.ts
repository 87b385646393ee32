import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { QuotaLedger } from '../../src/entitlement/quota-ledger.ts'
import { createKeptFiles } from '../../src/storage/kept-files.ts'
import { runStorage } from '../storage/run-storage.ts'
import { temporaryFolder, FakeOutside } from '../storage/temporary-storage.ts'

test('[M10] what one node puts into the database another one finds, whole, whatever its size; what was cut short is not there', async () => {
  const folder = temporaryFolder()
  const here = join(folder, 'here.bin')
  const there = join(folder, 'elsewhere', 'there.bin')
  const bytes = Buffer.from(Array.from({ length: 1_300_000 }, (_, index) => (index * 31) % 251))
  await writeFile(here, bytes)
  const outside: FakeOutside & { reached?: (point: string) => void } = new FakeOutside()
  const storage = await runStorage({ outside })
  const [one, two] = [createKeptFiles({ storage, outside }), createKeptFiles({ storage, outside })]
  expect(await two.fetch('snapshots/t/p/1', there)).toBe(false)
  outside.reached = () => { throw new Error('died') }
  await expect(one.publish('snapshots/t/p/1', here)).rejects.toThrow('died')
  expect([await two.fetch('snapshots/t/p/1', there), await two.names('snapshots/')]).toEqual([false, []])
  delete outside.reached
  await one.publish('snapshots/t/p/1', here)
  await one.publish('snapshots/t/p/10', here)
  await one.publish('snapshots/t/q/1', here)
  expect([await two.fetch('snapshots/t/p/1', there), (await readFile(there)).equals(bytes), await two.names('snapshots/t/p/')]).toEqual([true, true, ['snapshots/t/p/1', 'snapshots/t/p/10']])
  await two.remove('snapshots/t/p/1')
  expect(await one.names('snapshots/')).toEqual(['snapshots/t/p/10', 'snapshots/t/q/1'])
  await two.remove('snapshots/t/p')
  expect(await one.names('snapshots/')).toEqual(['snapshots/t/q/1'])
  await storage.platform.updateTable('kept_chunk').set({ content: Buffer.from('other') }).execute()
  await expect(two.fetch('snapshots/t/q/1', join(folder, 'damaged.bin'))).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
  expect(existsSync(join(folder, 'damaged.bin'))).toBe(false)
  // A day later what was cut short is cleared away by the next.
  outside.time += 25 * 3_600_000
  await one.publish('snapshots/t/r/1', here)
  expect(await storage.platform.selectFrom('kept_file').select('name').where('name', 'is', null).execute()).toEqual([])
})

test('[M11] what several nodes have counted of a quota adds up, also what is given back; a new day starts anew for all', async () => {
  const outside = new FakeOutside()
  const storage = await runStorage({ outside })
  await storage.platform.insertInto('tenant').values({ id: 't', slug: 't', name: 't', kind: 'commune', parent_id: null, siren: null, insee: null, population: null, created_at: 0 }).execute()
  const open = () => QuotaLedger.open({ storage, outside, quota: (_tenant, kind) => (kind === 'mails' ? 10 : undefined), exists: () => true, log: { warn: () => undefined } })
  const [one, two] = [await open(), await open()]
  const used = () => [one, two].map((ledger) => ledger.useOf('t', 0).find(({ kind }) => kind === 'mails')?.used)
  one.take('t', 'mails', 4)
  two.take('t', 'mails', 3)
  await one.flush()
  await two.refresh()
  await one.refresh()
  expect(used()).toEqual([7, 7])
  two.giveBack('t', 'mails', 1)
  one.take('t', 'mails', 2)
  await Promise.all([one.refresh(), two.refresh()])
  await one.refresh()
  expect(used()).toEqual([8, 8])
  expect(() => { two.take('t', 'mails', 3) }).toThrow(expect.objectContaining({ code: 'QUOTA_EXCEEDED' }) as Error)
  expect((await open()).useOf('t', 0).find(({ kind }) => kind === 'mails')?.used).toBe(8)
  outside.time += 24 * 3_600_000
  two.take('t', 'mails', 5)
  await two.flush()
  one.take('t', 'mails', 1)
  await one.refresh()
  expect(used()).toEqual([6, 5])
})
