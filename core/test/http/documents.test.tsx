import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { validate } from '@readme/openapi-parser'
import { defineEvent, definePlugin, Type } from '@liberacces/sdk'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { asyncApiOf } from '../../src/http/asyncapi.ts'
import { openApiOf } from '../../src/http/openapi.ts'
import { ItemMade, itemsPlugin, newCalls } from './fixture-plugin.tsx'
import { AYTRE, loaded, ROCHELLE, startFront } from './test-front.tsx'

const require = createRequire(import.meta.url)
type Json = Readonly<Record<string, unknown>>
const release = loaded(itemsPlugin(newCalls()))
const at = (value: unknown, ...keys: readonly string[]): unknown => keys.reduce<unknown>((own, key) => (own as Json | undefined)?.[key], value)

test('[H33] the OpenAPI document of a tenant is valid and tells of its routes, permissions and problems', async () => {
  const document = openApiOf(ROCHELLE, [release])
  const checked = await validate(structuredClone(document) as Parameters<typeof validate>[0])
  expect(checked).toMatchObject({ valid: true })
  expect(Object.keys(document['paths'] as Json)).toEqual(['/apps/items/api/items/{id}', '/apps/items/api/slow', '/apps/items/api/tree', '/apps/items/api/late', '/apps/items/feed.xml', '/apps/items/api/files/{id}', '/apps/items/api/items'])
  const post = at(document, 'paths', '/apps/items/api/items', 'post')
  expect(at(post, 'security')).toEqual([{ session: [] }, { token: [] }])
  expect(Object.keys(at(post, 'responses') as Json)).toEqual(['201', '204', '400', '401', '403', '404', '500'])
  expect(at(post, 'requestBody', 'content', 'application/json', 'schema', 'properties', 'kind')).toEqual({ type: 'string', enum: ['big', 'small'], default: 'small' })
  expect(at(document, 'paths', '/apps/items/api/items', 'get', 'parameters')).toContainEqual({ name: 'page', in: 'query', required: false, schema: { type: 'integer', minimum: 1, default: 1 } })
  const ids = JSON.stringify(document).match(/"operationId":"[^"]+"/g) ?? []
  expect(new Set(ids).size).toBe(8)
  expect(openApiOf(ROCHELLE, [release])).toEqual(document)
})

/** Listens to what the items emit, with a handler of its own name, and to something that nobody emits. Two versions of a contract side by side. */
const MadeAgain = defineEvent('fr.example.items.item-made/v2', Type.Recursive((This) => Type.Object({ id: Type.String({ 'description': 'Id', 'x-hint': 'none' }), parts: Type.Array(This) }), { $id: 'Part' }), { subject: 'id' })
const NeverEmitted = defineEvent('fr.example.absent.gone/v1', Type.Object({}))
const listener = loaded(definePlugin()({
  id: 'fr.example.listener', version: '2.0.0', path: 'listener', sdk: '*', license: 'MIT', title: { fr: 'Écoute' }, publisher: { name: 'Example', contact: 'x' },
  runtime: 'inline', limits: { callMs: 2_000 }, scopes: [], privacy: { stores: [] }, emits: [MadeAgain], permissions: {}, messages: { fr: {}, en: {} },
  setup(k) {
    k.on(ItemMade, async () => undefined, { id: 'compter les fiches' })
    k.on(MadeAgain, async () => undefined)
    k.on(NeverEmitted, async () => undefined)
  },
}))

test('[H33] [E60] the AsyncAPI document of a tenant is valid and tells who emits and who receives its events', async () => {
  const document = asyncApiOf(ROCHELLE, [release, listener], { host: 'la-rochelle.example.fr', isSecure: true })
  const schema = JSON.parse(await readFile(require.resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json'), 'utf8')) as Json
  const validateDocument = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
  validateDocument(document)
  expect(validateDocument.errors ?? []).toEqual([])
  expect(validateDocument({ ...document, info: {} })).toBe(false)
  expect(Object.keys(document['channels'] as Json)).toEqual(['fr.example.absent.gone.v1', 'fr.example.items.item-made.v1', 'fr.example.items.item-made.v2'])
  expect(at(document, 'channels', 'fr.example.items.item-made.v1', 'address')).toBe('fr.example.items.item-made/v1')
  expect(Object.entries(document['operations'] as Json).map(([key, operation]) => [key, at(operation, 'action')])).toEqual([
    ['receive_fr.example.listener_fr.example.absent.gone.v1', 'receive'],
    ['send_fr.example.items_fr.example.items.item-made.v1', 'send'],
    ['receive_fr.example.listener_fr.example.items.item-made.v1_compter.les.fiches', 'receive'],
    ['send_fr.example.listener_fr.example.items.item-made.v2', 'send'],
    ['receive_fr.example.listener_fr.example.items.item-made.v2', 'receive'],
  ])
  expect(at(document, 'servers', 'tenant')).toMatchObject({ host: 'la-rochelle.example.fr', protocol: 'https', security: [{ $ref: '#/components/securitySchemes/token' }] })
  expect(at(document, 'components', 'schemas', 'fr.example.items.item-made.v1', 'required')).toEqual(['id', 'title'])
  // Every reference leads somewhere in the document, those of schemas that refer to themselves too.
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref)
  expect(refs.filter((ref) => !ref.startsWith('#/') || at(document, ...ref.slice(2).split('/')) === undefined)).toEqual([])
  expect(JSON.stringify(document)).not.toMatch(/"x-hint"|"\$id"/)
})

test('[E60] a CloudEvent of an event fits the payload that the AsyncAPI document tells, and another does not', () => {
  const document = asyncApiOf(ROCHELLE, [release, listener], { host: 'x', isSecure: false })
  const payload = (key: string) => new Ajv({ strict: false, validateFormats: false }).compile({ ...at(document, 'components', 'messages', key, 'payload') as Json, components: document['components'] })
  const event = { specversion: '1.0', id: '1', source: 'fr.example.items', type: 'fr.example.items.item-made/v1', subject: '7', time: '2026-11-26T10:00:00Z', data: { id: '7', title: 'x' } }
  const fits = payload('fr.example.items.item-made.v1')
  expect([event, { ...event, subject: undefined }, { ...event, source: 'fr.other' }, { ...event, data: { id: 7 } }, { ...event, type: 'x' }].map((each) => fits(JSON.parse(JSON.stringify(each))))).toEqual([true, false, false, false, false])
  const part = { ...event, source: 'fr.example.listener', type: 'fr.example.items.item-made/v2', data: { id: '7', parts: [{ id: '8', parts: [] }] } }
  expect([part, { ...part, data: { id: '7', parts: [{ id: 8, parts: [] }] } }].map((each) => payload('fr.example.items.item-made.v2')(each))).toEqual([true, false])
})

test('[H33] each tenant gets the documents of what it has enabled', async () => {
  await using platform = await startFront({
    ports: { kernel: { releasesOf: ({ id }) => (id === AYTRE.id ? [] : [release]), theme: () => undefined, metricsPermission: 'x', assets: { all: [], url: () => '' } } },
  })
  for (const path of ['/openapi.json', '/asyncapi.json']) {
    const [rochelle, aytre] = [await platform.get(path), await platform.get(path, { host: 'aytre.localhost' })]
    expect([rochelle.status, aytre.status, rochelle.text.includes('fr.example.items'), aytre.text.includes('fr.example.items')]).toEqual([200, 200, true, false])
    expect((aytre.json['info'] as Json)['title']).toBe('LiberAccès – Aytré')
  }
})
