import { collectRegistrations, manifestOf } from '@liberacces/sdk/host'
import { definePlugin, type Plugin } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { loadCatalogue, type Catalogue, type DescribedSource } from '../../src/catalogue/catalogue.ts'
import { givenPlugin } from '../../src/catalogue/plugin-source.ts'
import { Scope } from '../../src/scope.ts'

const release = (version: string, path = 'app'): Plugin => definePlugin()({
  id: 'fr.test.app', version, path, sdk: '*', license: 'MIT', title: { fr: 'Essai' }, publisher: { name: 'Test', contact: 'x' },
  runtime: 'inline', scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} }, setup() {},
})

/** A source that says what it is before it is loaded; `times` counts how often it was. */
function described(plugin: Plugin, more: Partial<DescribedSource> = {}): DescribedSource & { readonly times: () => number } {
  let times = 0
  return {
    name: `archive ${plugin.version}`, manifest: manifestOf(plugin, collectRegistrations(plugin)), digest: `sha256-${plugin.version}`,
    load: () => { times += 1; return Promise.resolve(plugin) }, times: () => times, ...more,
  }
}
const versions = (catalogue: Catalogue): readonly (readonly string[])[] => [catalogue.manifests, catalogue.releases.map(({ manifest }) => manifest)].map((list) => list.map(({ version }) => version))

test('[K4] a release whose manifest is known is loaded when somebody asks for it, once, beside others of its plugin', async () => {
  const [one, two] = [described(release('1.0.0')), described(release('1.10.0'))]
  const catalogue = await loadCatalogue([givenPlugin(release('1.9.0')), one, two], new Scope('test'))
  expect(versions(catalogue)).toEqual([['1.10.0', '1.9.0', '1.0.0'], ['1.9.0']])
  const [first, again] = await Promise.all([catalogue.load('fr.test.app', '1.0.0'), catalogue.load('fr.test.app', '1.0.0')])
  expect([first === again, one.times(), two.times(), catalogue.release('fr.test.app', '1.0.0') === first]).toEqual([true, 1, 0, true])
  expect(versions(catalogue)[1]).toEqual(['1.9.0', '1.0.0'])
  expect([catalogue.digest('fr.test.app', '1.0.0'), catalogue.digest('fr.test.app', '1.9.0'), catalogue.manifest('fr.test.app', '3.0.0')]).toEqual(['sha256-1.0.0', undefined, undefined])
  await expect(catalogue.load('fr.test.app', '3.0.0')).rejects.toMatchObject({ code: 'PLUGIN_UNKNOWN' })
})

test('[K4] one that is let go is closed in order, listeners first, and loaded anew the next time; what was shipped stays', async () => {
  const scope = new Scope('test')
  const catalogue = await loadCatalogue([givenPlugin(release('1.9.0')), described(release('1.0.0'))], scope)
  const seen: string[] = []
  catalogue.onLoaded((loaded) => { loaded.scope.defer('mount', () => { seen.push('unmounted') }); seen.push('mounted') })
  catalogue.onUnloaded(() => { seen.push(`gone: ${String(catalogue.release('fr.test.app', '1.0.0') === undefined)}`) })
  const before = await catalogue.load('fr.test.app', '1.0.0')
  await catalogue.unload('fr.test.app', '1.0.0')
  await catalogue.unload('fr.test.app', '1.0.0')
  await catalogue.unload('fr.test.app', '1.9.0')
  expect(seen).toEqual(['mounted', 'gone: true', 'unmounted'])
  expect(versions(catalogue)).toEqual([['1.9.0', '1.0.0'], ['1.9.0']])
  expect((await catalogue.load('fr.test.app', '1.0.0')) === before).toBe(false)
  await scope.close()
  expect(seen.at(-1)).toBe('unmounted')
})

test('[K4] a listener that refuses makes the loading fail, and nothing of it is left', async () => {
  const scope = new Scope('test')
  const catalogue = await loadCatalogue([described(release('1.0.0'))], scope)
  let closed = false
  catalogue.onLoaded((loaded) => { loaded.scope.defer('first', () => { closed = true }) })
  const remove = catalogue.onLoaded(() => { throw new Error('the port is gone') })
  await expect(catalogue.load('fr.test.app', '1.0.0')).rejects.toThrow('the port is gone')
  expect([closed, catalogue.releases, scope.open]).toEqual([true, [], []])
  remove()
  expect((await catalogue.load('fr.test.app', '1.0.0')).manifest.version).toBe('1.0.0')
})

test('[K4] code that is something else than its manifest says is not loaded', async () => {
  const catalogue = await loadCatalogue([described(release('1.0.0'), { load: () => Promise.resolve(release('1.0.0', 'other')) })], new Scope('test'))
  await expect(catalogue.load('fr.test.app', '1.0.0')).rejects.toMatchObject({ code: 'MANIFEST_INVALID', message: expect.stringContaining('path') as string })
})

test('[K4] releases come and go while others run', async () => {
  const catalogue = await loadCatalogue([], new Scope('test'))
  const before = catalogue.manifests
  catalogue.add(described(release('1.0.0')))
  expect(() => { catalogue.add(described(release('1.0.0'))) }).toThrow(/in the catalogue already/)
  await catalogue.load('fr.test.app', '1.0.0')
  await catalogue.drop('fr.test.app', '1.0.0')
  expect([before, versions(catalogue)]).toEqual([[], [[], []]])
})
