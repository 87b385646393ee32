import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { validate } from '@readme/openapi-parser'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { asyncApiOf } from '../../src/http/asyncapi.ts'
import { openApiOf } from '../../src/http/openapi.ts'
import { itemsPlugin, newCalls } from './fixture-plugin.tsx'
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

test('[H33] the AsyncAPI document of a tenant is valid and tells of its events', async () => {
  const document = asyncApiOf(ROCHELLE, [release])
  const schema = JSON.parse(await readFile(require.resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json'), 'utf8')) as Json
  const validateDocument = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
  validateDocument(document)
  expect(validateDocument.errors ?? []).toEqual([])
  expect(validateDocument({ ...document, info: {} })).toBe(false)
  expect(at(document, 'channels', 'fr.example.items.item-made.v1', 'address')).toBe('fr.example.items.item-made/v1')
  expect(at(document, 'components', 'messages', 'fr.example.items.item-made.v1', 'payload', 'properties', 'data', 'required')).toEqual(['id', 'title'])
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
