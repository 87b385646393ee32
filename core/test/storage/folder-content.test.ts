import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { filesBelow, namesIn, statOf } from '../../src/storage/folder-content.ts'

test('what is gone is passed over; what cannot be looked at is not taken for gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-content-'))
  onTestFinished(() => { rmSync(folder, { recursive: true }) })
  writeFileSync(join(folder, 'a'), 'abc')
  expect((await statOf(join(folder, 'a')))?.size).toBe(3)
  expect(await statOf(join(folder, 'b'))).toBeUndefined()
  expect([await namesIn(join(folder, 'b')), await filesBelow(join(folder, 'b'))]).toEqual([[], []])
  // Longer than any name may be: whoever runs this, root too, the system refuses to look.
  const refused = join(folder, 'x'.repeat(300))
  await expect(statOf(refused)).rejects.toMatchObject({ code: 'ENAMETOOLONG' })
  await expect(namesIn(refused)).rejects.toMatchObject({ code: 'ENAMETOOLONG' })
})
