import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { archiveOf } from '../../src/catalogue/archive/archive-of.ts'
import { isNpmSpec } from '../../src/catalogue/archive/npm-archive.ts'
import { temporaryFolder } from '../storage/temporary-storage.ts'
import { archiveWith, codeOf } from './archive-kit.ts'
import { BY, openPlatform } from './releases-kit.ts'

const TOKEN = 'a-token-of-the-registry'

interface Published { readonly bytes: Buffer; readonly integrity?: string }

/** A registry with one package, for those who log in, and an npm configuration that leads to it. */
async function registry(versions: Readonly<Record<string, Published>>, marker: string): Promise<{ readonly asked: readonly string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const { port } = server.address() as AddressInfo
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return response.writeHead(401).end('{}')
    const tarball = /\/-\/greeter-(.*)\.tgz$/.exec(request.url ?? '')?.[1]
    if (tarball !== undefined) return response.end(versions[tarball]?.bytes)
    if (request.url !== '/@test%2fgreeter') return response.writeHead(404).end('{"error":"not found"}')
    const newest = Object.keys(versions).at(-1)
    return response.setHeader('content-type', 'application/json').end(JSON.stringify({
      name: '@test/greeter', 'dist-tags': { latest: newest, old: '1.0.0' },
      versions: Object.fromEntries(Object.entries(versions).map(([version, { bytes, integrity }]) => [version, {
        name: '@test/greeter', version, hasInstallScript: true, scripts: { preinstall: `touch ${marker}`, install: `touch ${marker}`, prepare: `touch ${marker}` },
        dist: { tarball: `http://127.0.0.1:${port}/@test/greeter/-/greeter-${version}.tgz`, integrity: integrity ?? `sha512-${createHash('sha512').update(bytes).digest('base64')}` },
      }])),
    }))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => { server.closeAllConnections(); server.close() })
  const { port } = server.address() as AddressInfo
  const folder = temporaryFolder()
  const npmrc = join(folder, 'npmrc')
  await writeFile(npmrc, `@test:registry=http://127.0.0.1:${port}/\nregistry=http://127.0.0.1:${port}/\n//127.0.0.1:${port}/:_authToken=${TOKEN}\nfetch-retries=0\n`)
  for (const name of Object.keys(process.env).filter((key) => /^npm_config_/i.test(key))) vi.stubEnv(name, undefined)
  vi.stubEnv('npm_config_userconfig', npmrc)
  vi.stubEnv('npm_config_cache', join(folder, 'cache'))
  onTestFinished(() => { vi.unstubAllEnvs() })
  return { asked }
}

test('[K12] an npm name is fetched with the registry and login of the npm configuration: by version, range, tag, or the newest; no script is run', async () => {
  const folder = temporaryFolder()
  const marker = join(folder, 'ran')
  const versions = Object.fromEntries(await Promise.all(['1.0.0', '1.2.0', '2.0.0'].map(async (version) => [version, { bytes: await archiveWith({}, codeOf({ version })) }] as const)))
  const { asked } = await registry(versions, marker)
  const sourceOf = async (spec: string): Promise<string> => (await archiveOf(spec, folder)).source
  expect([await sourceOf('@test/greeter@1.0.0'), await sourceOf('@test/greeter@^1.0.0'), await sourceOf('@test/greeter@old'), await sourceOf('@test/greeter')])
    .toEqual(['npm:@test/greeter@1.0.0', 'npm:@test/greeter@1.2.0', 'npm:@test/greeter@1.0.0', 'npm:@test/greeter@2.0.0'])
  const platform = await openPlatform(folder)
  expect(await platform.releases.install('@test/greeter@~1.2', folder, BY)).toMatchObject({ id: 'fr.test.greeter', version: '1.2.0', source: 'npm:@test/greeter@1.2.0' })
  await platform.stop()
  expect([existsSync(marker), asked.every((line) => line.startsWith('GET /@test'))]).toEqual([false, true])
}, 20_000)

test('[K12] what the registry does not have, or gives otherwise than it says, is refused, and no message holds a login', async () => {
  const folder = temporaryFolder()
  await registry({ '1.0.0': { bytes: await archiveWith(), integrity: `sha512-${createHash('sha512').update('something else').digest('base64')}` } }, join(folder, 'ran'))
  for (const spec of ['@test/greeter@1.0.0', '@test/greeter@^3.0.0', '@test/nobody']) {
    const error = await archiveOf(spec, folder).catch((thrown: unknown) => thrown)
    expect([spec, error]).toMatchObject([spec, { code: 'ARCHIVE_UNAVAILABLE', message: expect.stringContaining(spec) as string }])
    expect(String((error as Error).message)).not.toContain(TOKEN)
  }
}, 20_000)

test('[K12] only the name of a package is one: no address, repository, alias or file', () => {
  expect(['news', 'news@1.0.0', '@scope/news', '@scope/news@^1.0.0', 'news@latest', 'fr.liberacces.news'].map(isNpmSpec)).toEqual([true, true, true, true, true, true])
  for (const spec of ['user/repo', 'github:user/repo', 'git+ssh://host/repo', 'https://host/x.tgz', 'news@npm:other', 'news@file:../x', '../news', './news', '/news', 'news@git://host', '', '@', 'a b', '-rf\n', 'news@1 || rm']) expect([spec, isNpmSpec(spec)]).toEqual([spec, false])
})
