import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownWords } from '../../src/checks/operations/ops-04-own-words.ts'
import { TEMPLATE_DESCRIPTIONS } from '../../src/checks/parts/template-descriptions.ts'
import type { PackageSubject } from '../../src/harness/subject.ts'
import { templateNames } from '../docs/made-from.ts'

const WORKSPACE = join(import.meta.dirname, '../../..')
const OWN = { id: 'fr.zz-vendor.canteen', title: { fr: 'Cantine' }, description: { fr: 'Inscrire ses enfants.' }, publisher: { name: 'Zz', contact: 'mailto:a@zz-vendor.fr' }, scopes: ['db'] }
const SUPPORT = { contact: 'mailto:a@zz-vendor.fr', security: 'https://zz-vendor.fr/security' }

/** What the check says of a plugin whose manifest or support is another one. */
async function told(manifest: object, support: object = {}): Promise<readonly string[]> {
  const files = new Map([['package.json', Buffer.from(JSON.stringify({ liberacces: { support: { ...SUPPORT, ...support } } }))]])
  const outcome = await ownWords.run({ files, manifest: { ...OWN, ...manifest } } as unknown as PackageSubject, AbortSignal.timeout(1_000))
  return outcome.status === 'fail' ? outcome.findings.map(({ message }) => message) : []
}

test('[C544] an id, a publisher, an address, a host or a description that is an example’s is told, and nothing that only looks like one', async () => {
  expect(await told({})).toEqual([])
  const examples: readonly (readonly [object, object?])[] = [
    [{ id: 'org.example.canteen' }], [{ id: 'com.example.a.b' }], [{ id: 'test.a.canteen' }], [{ publisher: { ...OWN.publisher, name: 'Example' } }], [{ publisher: { ...OWN.publisher, contact: 'https://www.Example.ORG./x' } }],
    [{ publisher: { ...OWN.publisher, contact: 'help@here.invalid' } }], [{}, { contact: 'mailto:a@example.com?subject=x' }], [{}, { security: 'https://localhost:8080' }],
    [{ scopes: ['net:voirie.example.org'] }], [{ optionalScopes: { 'tcp:bus.example:1883': { fr: 'x' } } }], [{ description: TEMPLATE_DESCRIPTIONS[0]?.description }],
  ]
  expect(await Promise.all(examples.map(async (each) => (await told(...each)).length))).toEqual(examples.map(() => 1))
  const own: readonly (readonly [object, object?])[] = [
    [{ id: 'fr.example-town.canteen' }], [{ id: 'fr.test.canteen' }], [{ publisher: { name: 'Example & fils', contact: 'https://example.fr' } }], [{}, { contact: 'mailto:example.org@zz-vendor.fr' }], [{}, { contact: 'https://zz-vendor.fr/example.org' }],
    [{}, { contact: undefined, security: 7 }], [{ scopes: ['net:*', 'events:read:*', 'net:example.fr'] }], [{ title: TEMPLATE_DESCRIPTIONS[0]?.title, description: TEMPLATE_DESCRIPTIONS[0]?.description }], [{ description: undefined }],
  ]
  expect(await Promise.all(own.map((each) => told(...each)))).toEqual(own.map(() => []))
})

test('[C544] what the check knows of the templates is what they say', async () => {
  expect(TEMPLATE_DESCRIPTIONS.map(({ template }) => template)).toEqual(await templateNames())
  for (const { template, title, description } of TEMPLATE_DESCRIPTIONS) {
    const source = await readFile(join(WORKSPACE, 'templates', template, 'src/plugin.tsx'), 'utf8')
    expect(source).toContain(`title: { fr: '${title.fr}', en: '${title.en}' }`)
    expect(source).toContain(`description: { fr: '${description.fr}', en: '${description.en}' }`)
  }
})
