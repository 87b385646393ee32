import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')

test('[F12] the type is found in the bytes also by the bundle that `pnpm start` runs', async () => {
  // Under core/, from where what is not bundled is found.
  const temp = join(root, 'core', 'temp')
  await mkdir(temp, { recursive: true })
  const folder = await mkdtemp(join(temp, 'bundled-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const png = join(folder, 'picture.png')
  await writeFile(png, Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'))
  const out = join(folder, 'out')
  await run(process.execPath, [join(root, 'scripts/bundle.ts'), out, 'sniff=core/src/storage/files/sniff-type.ts'], { cwd: root })
  const ask = `const { sniffType } = await import(${JSON.stringify(join(out, 'sniff.js'))}); process.stdout.write(await sniffType(${JSON.stringify(png)}, { name: 'picture.png', type: '' }))`
  expect((await run(process.execPath, ['--input-type=module', '--eval', ask])).stdout).toBe('image/png')
})
