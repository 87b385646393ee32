import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../storage/temporary-storage.ts'
import { archiveFile } from './releases-kit.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
const ALL = ['', '/slots', '/ui', '/jsx-runtime']

test('[K16] code in an archive gets the SDK that the kernel runs on, from sources', async () => {
  const { stdout } = await run(process.execPath, ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'same-sdk.ts')])
  expect(JSON.parse(stdout)).toEqual(ALL)
})

test('[K16] so it does in the bundle that `pnpm start` runs, which installs and switches on releases too', async () => {
  // Under core/, from where what is not bundled is found.
  const temp = join(root, 'core', 'temp')
  await mkdir(temp, { recursive: true })
  const folder = await mkdtemp(join(temp, 'bundled-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const out = join(folder, 'out')
  await run(process.execPath, [join(root, 'scripts/bundle.ts'), out, 'same=core/test/catalogue/same-sdk.ts', 'main=core/src/cli/main.ts'], { cwd: root })
  expect(JSON.parse((await run(process.execPath, [join(out, 'same.js')])).stdout)).toEqual(ALL)

  const data = temporaryFolder()
  const said = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [join(out, 'main.js'), ...args, '--data', data, '--plugins', data], { env: { ...process.env, LIBERACCES_LOG: '' } })).stdout
  await said('tenant', 'create', 'Pool', '--kind', 'pool')
  await said('tenant', 'create', 'Une', '--slug', 'une', '--kind', 'commune')
  expect(await said('plugin', 'install', await archiveFile(data))).toContain('Installed fr.test.greeter 1.0.0 (sha256-')
  expect(await said('enable', 'fr.test.greeter@1.0.0', '--tenant', 'une')).toContain('is active at une')
}, 60_000)
