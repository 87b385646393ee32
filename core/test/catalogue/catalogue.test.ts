import { readFile } from 'node:fs/promises'
import { defineEvent, definePlugin, defineService, Type, type Plugin } from '@liberacces/sdk'
import { BureauTile, GuichetService } from '@liberacces/sdk/slots'
import { expect, test } from 'vitest'
import { loadCatalogue, type Catalogue } from '../../src/catalogue/catalogue.ts'
import { givenPlugin, type PluginSource } from '../../src/catalogue/plugin-source.ts'
import { Scope } from '../../src/scope.ts'

const BASE = {
  version: '1.0.0', sdk: '*', license: 'MIT', publisher: { name: 'Test', contact: 'x' }, runtime: 'inline', scopes: [], privacy: { stores: [] },
  messages: { fr: { title: 'Titre' }, en: { title: 'Title' } },
} as const
const sound = definePlugin()({ ...BASE, id: 'fr.test.sound', path: 'sound', title: { fr: 'Sain' }, setup() {} })

/** A plugin as somebody without our types could write it. */
function wrong(id: string, more: Readonly<Record<string, unknown>>): Plugin {
  return { ...sound, id: `fr.test.${id}`, path: id, ...more } as unknown as Plugin
}
const load = (sources: readonly PluginSource[], limitMs?: number): Promise<Catalogue> => loadCatalogue(sources, new Scope('test'), limitMs)
const problemsOf = (catalogue: Catalogue): readonly string[] => catalogue.rejected.flatMap(({ problems }) => problems.map(({ code, message }) => `${code} ${message}`))
const ids = (catalogue: Catalogue): readonly string[] => catalogue.releases.map(({ manifest }) => manifest.id)

/** Loads it beside a sound one, which must be taken in whatever happens. */
async function reasons(more: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const catalogue = await load([givenPlugin(wrong('bad', more)), givenPlugin(sound)])
  expect(ids(catalogue)).toEqual(['fr.test.sound'])
  return problemsOf(catalogue)
}

interface AnyRegistrar { [name: string]: (...args: unknown[]) => void }

test('[L4] a plugin whose setup throws is left out with its reason; its neighbours run', async () => {
  expect(await reasons({ setup() { throw new Error('no licence key') } })).toEqual([expect.stringMatching(/^PLUGIN_LOAD_FAILED .*fr\.test\.bad.*no licence key/)])
})

test('[L4] so is one whose setup waits for something, whether that ends well or not', async () => {
  expect(await reasons({ setup: async () => { await Promise.resolve() } })).toEqual([expect.stringMatching(/^PLUGIN_LOAD_FAILED .*asynchronous/)])
  expect(await reasons({ setup: () => Promise.reject(new Error('later')) })).toEqual([expect.stringMatching(/^PLUGIN_LOAD_FAILED .*asynchronous/)])
})

test('[L4] registering after setup has returned is refused where it happens, and changes nothing', async () => {
  let kept: AnyRegistrar = {}
  const catalogue = await load([givenPlugin(wrong('late', { setup(k: AnyRegistrar) { kept = k } }))])
  expect(() => { kept['page']?.({ path: '/', audience: 'public', title: 'title' }, () => null) }).toThrow(/after setup\(\) returned/)
  expect(catalogue.releases[0]?.registrations.endpoints).toEqual([])
})

test('[L4] one that hangs at import is left out when its time is up, and holds up nobody', async () => {
  const hanging: PluginSource = { name: 'plugins/hanging', load: () => new Promise(() => undefined) }
  const failing: PluginSource = { name: 'plugins/failing', load: () => Promise.reject(new SyntaxError('unexpected token')) }
  const catalogue = await load([hanging, failing, givenPlugin(sound)], 1_000)
  expect(ids(catalogue)).toEqual(['fr.test.sound'])
  expect(catalogue.rejected.map(({ source }) => source)).toEqual(['plugins/hanging', 'plugins/failing'])
  expect(problemsOf(catalogue)).toEqual([expect.stringContaining('plugins/hanging took longer than 1000 ms'), expect.stringContaining('unexpected token')])
})

test('[L4] so is one whose setup never ends, which is stopped where it is', async () => {
  const catalogue = await load([givenPlugin(wrong('endless', { setup() { for (;;); } })), givenPlugin(sound)], 1_000)
  expect([ids(catalogue), problemsOf(catalogue)]).toEqual([['fr.test.sound'], [expect.stringMatching(/^PLUGIN_LOAD_FAILED .*setup\(\) of fr\.test\.endless/)]])
})

test('[L5] a manifest that does not fit is refused with every place that is wrong', async () => {
  const found = await reasons({ id: 'Bad Id', version: '1.0', path: 'No Good', scopes: ['db', 'root'], limits: { callMs: 90_000 }, title: {} })
  for (const place of ['id', 'version', 'path', 'scopes.1', 'limits.callMs', 'title.fr']) expect(found.join('\n')).toContain(` ${place}:`)
  expect(found.every((reason) => reason.startsWith('MANIFEST_INVALID '))).toBe(true)
})

test('[L5] what the parts of a plugin say of each other is held together, every fault at once', async () => {
  const Foreign = defineService('fr.test.bad/v1', { peek: { input: Type.Object({}), output: Type.String(), permission: 'peek' } })
  const Listened = defineEvent('fr.test.thing/v1', Type.Object({}))
  const found = await reasons({
    sdk: 'newest', requires: { 'fr.test.other': 'about 2', 'fr.test.contract/v1': '^1.0.0' },
    messages: { fr: { title: 'Titre', only: 'Seul', broken: 'Il y a {count, plural, one {' }, en: { title: 'Title', broken: 'There are' } },
    migrations: { '0001-a': { up: async () => undefined, down: async () => undefined } },
    setup(k: AnyRegistrar) {
      const handler = (): null => null
      k['page']?.({ path: '/a', audience: 'agent', title: 'title' }, handler)
      k['page']?.({ path: '/b', audience: 'agent', title: 'title', permission: 'nobody.has' }, handler)
      k['page']?.({ path: 'c', audience: 'public', title: 'no.such.title' }, handler)
      k['form']?.({ path: '/d', audience: 'public', title: 'title', schema: Type.Object({ _csrf: Type.String() }) }, handler)
      k['contribute']?.(BureauTile, { title: 'title', icon: 'skull', render: handler })
      k['contribute']?.(BureauTile, { title: 'title', icon: 'home' })
      k['contribute']?.(GuichetService, { title: 'title', category: 'commune', href: 'https://elsewhere.example' })
      k['schedule']?.({ id: 'a', cron: 'whenever', timeoutMs: 0 }, handler)
      k['schedule']?.({ id: 'a', cron: '* * * * *', timeoutMs: 10 }, handler)
      k['schedule']?.({ id: 'b', cron: '0 0 30 2 *', timeoutMs: 10 }, handler)
      k['schedule']?.({ id: 'c', cron: '0 0 0 1 1 *', timeoutMs: 10 }, handler)
      k['on']?.(Listened, handler)
      k['on']?.(Listened, handler)
      k['provide']?.(Foreign, handler)
    },
  })
  for (const part of [
    'sdk: "newest"', '"fr.test.other": "about 2"', 'carries its version in its id', 'messages.en: "only" is missing', 'messages.fr."broken"', 'does not ask for the scope "db"',
    'page /a: only a public audience', 'permission "nobody.has" is not declared', 'a path starts with "/"', 'form "/d": a field called "_csrf"', '"no.such.title" is used as a title', '/icon', 'render is missing', '/href',
    '"whenever" is no cron', 'timeoutMs is 0', '"0 0 30 2 *" never comes', '"0 0 0 1 1 *" is no cron', 'two schedules are called "a"', 'two event handlers', 'service fr.test.bad/v1 peek: permission "peek"',
  ]) expect(found.join('\n')).toContain(part)
})

test('[L5] a text that the platform shows by itself is a message that needs no values', async () => {
  const messages = { title: 'Bonjour {name}', plain: 'Simple', whose: 'Pour {child}', nobody: 'Pour {other}' }
  const found = await reasons({
    messages: { fr: messages, en: messages },
    setup(k: AnyRegistrar) {
      k['page']?.({ path: '/', audience: 'public', title: 'title', menu: 1 }, () => null)
      k['contribute']?.(GuichetService, { title: 'plain', category: 'commune', href: '/', description: 'no.such.message' })
      k['form']?.({ path: '/form', audience: 'public', schema: Type.Object({}), intro: 'no.intro', submit: 'no.submit' }, () => null)
      // An intro is given the fields of its form, and nothing else.
      k['form']?.({ path: '/whose', audience: 'public', schema: Type.Object({ child: Type.String() }), intro: 'whose' }, () => null)
      k['form']?.({ path: '/nobody', audience: 'public', schema: Type.Object({ child: Type.String() }), intro: 'nobody' }, () => null)
    },
  })
  for (const part of ['"title"', '"no.such.message"', '"no.intro"', '"no.submit"', '"nobody"']) expect(found.join('\n')).toContain(part)
  expect(found.join('\n')).not.toContain('"whose"')
  expect(found).toHaveLength(5)
})

test('[L5] the SDK that the kernel serves is the one it stands on', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../../sdk/package.json', import.meta.url), 'utf8')) as { readonly version: string }
  expect(problemsOf(await load([givenPlugin({ ...sound, sdk: version })]))).toEqual([])
})

test('[L5] a plugin built for another SDK, and one that is there already, are refused by name', async () => {
  expect(await reasons({ sdk: '^99.0.0' })).toEqual([expect.stringMatching(/^PLUGIN_SDK_UNSUPPORTED .*\^99\.0\.0/)])
  const catalogue = await load([givenPlugin(sound), givenPlugin(sound)])
  expect([ids(catalogue), problemsOf(catalogue)]).toEqual([['fr.test.sound'], [expect.stringContaining('is in the catalogue already')]])
})
