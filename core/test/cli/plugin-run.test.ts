import { definePlugin, Type } from '@liberacces/sdk'
import { expect, onTestFinished, test } from 'vitest'
import { givenPlugin } from '../../src/catalogue/plugin-source.ts'
import { runnerOn } from '../../src/cli/platform-runner.ts'
import { openPlatform } from '../demo/demo-kit.ts'
import { temporaryFolder } from './cli-kit.ts'

const greeter = definePlugin()({
  id: 'fr.example.greeter', version: '1.0.0', path: 'greeter', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Salut' }, publisher: { name: 'Example', contact: 'https://example.fr' }, runtime: 'inline',
  scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} },
  setup(k) {
    k.command({ name: 'greet', summary: 'say hello', input: Type.Object({ names: Type.Array(Type.String({ minLength: 1 })), times: Type.Integer({ default: 1, maximum: 3 }) }), output: Type.Array(Type.Object({ text: Type.String() })) },
      async (c, { names, times }) => names.map((name) => ({ text: `${name} ×${times} ${c.tenant.slug} ${c.actor.kind}` })))
    k.command({ name: 'lie', summary: 'answer something else', output: Type.Object({ text: Type.String() }) }, async () => ({}) as never)
  },
})
const BY = { kind: 'operator', id: 'test', name: 'Test' } as const

test('[B17] a plugin’s command is listed, checked, run as the platform on one tenant, put on record, and held to what it declares', async () => {
  const platform = await openPlatform(temporaryFolder(), [givenPlugin(greeter)])
  onTestFinished(async () => { await platform.stop() })
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const { id } = await platform.tenants.create({ kind: 'commune', name: 'Aytré', slug: 'aytre' }, BY)
  await platform.installations.enable(id, 'fr.example.greeter', '*', BY)
  const run = async (...argv: readonly string[]) => {
    let [out, err] = ['', '']
    const exit = await runnerOn(platform)([...argv, '--tenant', 'aytre', '--json'], { out: (text) => { out += text }, err: (text) => { err += text }, input: async () => '', folder: '/' })
    return { exit, answer: JSON.parse(exit === 0 ? out : err) as unknown }
  }
  expect(await run('plugin', 'run', 'fr.example.greeter')).toEqual({ exit: 0, answer: [{ name: 'greet', summary: 'say hello', options: ['names', 'times'] }, { name: 'lie', summary: 'answer something else', options: [] }] })
  expect(await run('plugin', 'run', 'fr.example.greeter', 'greet', 'names=Anne, Bruno', 'times=2')).toEqual({ exit: 0, answer: [{ text: 'Anne ×2 aytre system' }, { text: 'Bruno ×2 aytre system' }] })
  expect(await run('plugin', 'run', 'fr.example.greeter', 'greet', 'names=Anne', 'times=9')).toMatchObject({ exit: 1, answer: { error: { code: 'REQUEST_INVALID', message: 'Options of "greet" do not fit.', fields: { times: expect.any(String) } } } })
  expect(await run('plugin', 'run', 'fr.example.greeter', 'greet', 'names=Anne', 'other=1')).toMatchObject({ exit: 1, answer: { error: { code: 'REQUEST_INVALID' } } })
  expect(await run('plugin', 'run', 'fr.example.greeter', 'lie')).toMatchObject({ exit: 1, answer: { error: { code: 'PLUGIN_ANSWER_INVALID' } } })
  expect(await run('plugin', 'run', 'fr.example.greeter', 'sing')).toMatchObject({ exit: 1, answer: { error: { code: 'NOT_FOUND' } } })
  expect(await run('plugin', 'run', 'fr.example.other', 'greet')).toMatchObject({ exit: 1, answer: { error: { code: 'PLUGIN_UNKNOWN' } } })
  expect((await platform.audit.list(id, { limit: 20 })).filter(({ action }) => action === 'plugin.command').map(({ target }) => target).toSorted()).toEqual(['greet', 'lie'])
})
