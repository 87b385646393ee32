import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { satisfies } from 'semver'
import { expect, test } from 'vitest'
import { NODE_VERSIONS, unsupportedNode } from '../../src/node-version.ts'
import { nodeFlags } from '../../src/process/box/node-flags.ts'
import { liberacces, temporaryFolder } from './cli-kit.ts'

test('[R268] which Node.js will do is said once: by the check at the start, by engines of the packages', () => {
  for (const version of ['18.20.8', '20.20.2', '22.0.0', '22.13.1', '22.14.0', '22.23.3', '23.0.0', '23.11.1', '24.0.0', '24.21.0', '25.1.0', '26.10.0', '30.0.0']) {
    expect([version, unsupportedNode(version) === undefined]).toEqual([version, satisfies(version, NODE_VERSIONS)])
  }
  for (const name of ['core', 'certification', 'templates/create']) {
    const { engines } = JSON.parse(readFileSync(new URL(`../../../${name}/package.json`, import.meta.url), 'utf8')) as { readonly engines: { readonly node: string } }
    expect([name, engines.node]).toEqual([name, NODE_VERSIONS])
  }
})

test('[R268] on another Node.js every command ends with one line and exit code 1, before anything else is loaded or done', async () => {
  const folder = temporaryFolder()
  const old = join(folder, 'old.mjs')
  await writeFile(old, `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`)
  const given = { imports: [pathToFileURL(old).href] }
  const [asked, json] = await Promise.all([liberacces(['serve', '--data', join(folder, 'data')], given), liberacces(['doctor', '--json'], given)])
  expect(asked).toEqual({ exit: 1, out: '', err: 'liberacces: Node.js 20.20.2 cannot run this platform.\n  Use Node.js 22.14 or a later 22, 24, or later. (NODE_UNSUPPORTED)\n' })
  expect([json.exit, json.out, JSON.parse(json.err)]).toMatchObject([1, '', { error: { code: 'NODE_UNSUPPORTED' } }])
})

test('[R268] the flags of a plugin’s process are those that this Node.js knows', () => {
  const flags = nodeFlags({ memoryMb: 64, readable: [], guard: '/guard.js' })
  expect(flags.filter((flag) => flag.endsWith('strip-types'))).toEqual([process.allowedNodeEnvironmentFlags.has('--strip-types') ? '--no-strip-types' : '--no-experimental-strip-types'])
})
