import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { packPlugin } from '../../src/pack/pack-plugin.ts'
import { madeFrom, templateNames } from './made-from.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const TEMPLATES = await templateNames()
const run = promisify(execFile)

test('[C302] what is made from each template passes its own tests and can be packed, as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-made-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const template of TEMPLATES) {
    const made = await madeFrom(template, folder)
    const { manifest, files } = await packPlugin(made)
    expect({ id: manifest.id, documents: ['LICENSE', 'README.md', 'SECURITY.md', 'docs/utilisation.md', 'sbom.cdx.json'].filter((path) => !files.includes(path)) }).toEqual({ id: `fr.zz-vendor.${template}`, documents: [] })
  }
  await cp(join(folder, 'basic/vitest.config.ts'), join(folder, 'vitest.config.ts'))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'vitest.config.ts'), (await readFile(join(folder, 'vitest.config.ts'), 'utf8')).replace('test/**', '*/test/**'))
  const report = join(folder, 'report.json')
  // A failure is in the report too, so it is the report that is asserted on.
  const { stderr } = await run(join(ROOT, 'node_modules/.bin/vitest'), ['run', '--root', folder, '--reporter', 'json', '--outputFile', report], { env: { ...process.env, LIBERACCES_TEST_DATABASE: 'sqlite' } }).catch((error: { readonly stderr: string }) => error)
  const { success, numFailedTests, numPassedTests, testResults } = JSON.parse(await readFile(report, 'utf8').catch(() => '{}')) as { readonly success?: boolean; readonly numFailedTests?: number; readonly numPassedTests?: number; readonly testResults?: readonly { readonly name: string; readonly status: string; readonly message: string }[] }
  expect({ success, numFailedTests, failed: testResults?.filter(({ status }) => status !== 'passed'), stderr }).toEqual({ success: true, numFailedTests: 0, failed: [], stderr: expect.any(String) })
  expect(TEMPLATES.filter((template) => !testResults?.some(({ name }) => name.includes(`/${template}/test/`)))).toEqual([])
  expect(numPassedTests).toBeGreaterThan(30)
}, 300_000)
