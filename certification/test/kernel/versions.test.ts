import { createPlatform, givenPlugin, readConfig } from '@liberacces/core'
import { definePlugin, Type, type Plugin } from '@liberacces/sdk'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { TestClient, testOutside } from '../../src/testing/index.ts'
import { runEnvironment } from '../run-environment.ts'

const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const

function greeter(version: string, greeting: string): Plugin {
  return definePlugin()({
    id: 'fr.test.greeter', version, path: 'greeter', sdk: '*', license: 'MIT', title: { fr: 'Salut' }, publisher: { name: 'Test', contact: 'x' },
    runtime: 'inline', scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} },
    setup(k) {
      k.route({ method: 'GET', path: '/', audience: 'public', summary: 'Saluer', response: { 200: Type.Object({ greeting: Type.String() }) } }, (c) => c.reply(200, { greeting }))
    },
  })
}

test('[L14] two tenants run two versions of one plugin in one process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-versions-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const config = readConfig({ PORT: '0', ...await runEnvironment(folder), LIBERACCES_LOG: 'silent' }, folder)
  const platform = await createPlatform({ config, plugins: [givenPlugin(greeter('1.4.0', 'bonjour')), givenPlugin(greeter('2.0.0', 'salut'))], outside: testOutside(1) })
  onTestFinished(async () => { await platform.stop() })
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, OPERATOR)
  const { port } = await platform.listen()
  const greetings = []
  for (const [slug, range] of [['un', '^1.0.0'], ['deux', '*']] as const) {
    const tenant = await platform.tenants.create({ kind: 'commune', name: slug, slug }, OPERATOR)
    await platform.installations.enable(tenant.id, 'fr.test.greeter', range, OPERATOR)
    greetings.push((await new TestClient(port, tenant.hosts[0] ?? '').get('/apps/greeter/')).json())
  }
  expect(greetings).toEqual([{ greeting: 'bonjour' }, { greeting: 'salut' }])
})
