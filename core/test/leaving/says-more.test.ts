import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../cli/cli-kit.ts'
import { said, saidJson } from '../cli/spoken.ts'
import { makeCommune, openPlace } from './leaving-kit.ts'

const SEALED = 'fr.example.paying: api_key'

test('[M46] an export replaces no file unless it is told to, and names the sealed settings that must be set anew, as the import does', { timeout: 60_000 }, async () => {
  const [one, two] = [await openPlace(), await openPlace()]
  const id = await makeCommune(one.platform)
  await one.platform.storage.platform.insertInto('setting').values({ tenant_id: id, plugin_id: 'fr.example.paying', value_json: '{"api_key":"sealed.1.AAAA","name":"Régie"}', updated_at: 0 }).execute()
  for (const { stop } of [one, two]) await stop()
  const out = join(temporaryFolder(), 'aytre.tar')
  writeFileSync(out, 'something else')
  const args = ['tenant', 'export', 'aytre', '--out', out, '--data', one.folder]
  expect(await said(args)).toMatchObject({ exit: 1, err: expect.stringMatching(/is there already.*--force/s) as string })
  expect(readFileSync(out, 'utf8')).toBe('something else')
  const done = await said([...args, '--force'])
  expect([done.exit, `${done.out}${done.err}`]).toEqual([0, expect.stringContaining(SEALED)])
  expect(`${done.out}${done.err}`).not.toContain('sealed.1')
  expect(await saidJson(['tenant', 'import', out, '--data', two.folder])).toMatchObject({ sealed: [SEALED] })
})
