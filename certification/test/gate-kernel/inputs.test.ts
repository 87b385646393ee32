import { misfit } from '@liberacces/core'
import { Type } from '@liberacces/sdk'
import { registerFormats, restoreKinds } from '@liberacces/sdk/host'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canaryInput } from '../../src/kernel/canary-input.ts'
import { CanaryPen } from '../../src/kernel/canary-pen.ts'
import { KnownIds } from '../../src/kernel/known-ids.ts'
import { arbitraryOf, type JsonSchema } from '../../src/kernel/schema-arbitrary.ts'

registerFormats()

const SCHEMA = Type.Object({
  title: Type.String({ minLength: 3, maxLength: 80 }), short: Type.String({ maxLength: 5 }), code: Type.String({ pattern: '^[A-Z]{2}-[0-9]{4}$' }), day: Type.String({ format: 'date' }), at: Type.String({ format: 'date-time' }),
  mail: Type.Optional(Type.String({ format: 'email' })), site: Type.Optional(Type.String({ format: 'uri' })), id: Type.Optional(Type.String({ format: 'uuid' })), hour: Type.Optional(Type.String({ format: 'time' })),
  size: Type.Integer({ minimum: 1, maximum: 9 }), price: Type.Optional(Type.Number({ exclusiveMinimum: 0 })), open: Type.Boolean(), nothing: Type.Null(),
  kind: Type.Union([Type.Literal('a'), Type.Literal('b')]), tags: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { minItems: 1, maxItems: 3 }), by: Type.Record(Type.String(), Type.Integer()), pair: Type.Tuple([Type.String(), Type.Integer()]),
  deep: Type.Optional(Type.Object({ text: Type.String(), more: Type.Optional(Type.String()) })),
})
const PLAIN = JSON.parse(JSON.stringify(SCHEMA)) as JsonSchema
const fits = (value: unknown): boolean => misfit(restoreKinds(PLAIN), value) === undefined

test('[C201] what is made from a schema fits it: with all that is optional, with none, by chance, and of any characters', () => {
  for (const options of [{ optional: 'all' }, { optional: 'none' }, {}, { strange: true }] as const) {
    fc.assert(fc.property(arbitraryOf(PLAIN, options), fits), { numRuns: 60, seed: 7 })
  }
})

test('[C201] a pattern that is longer than the usual text, or that hardly ever keeps to its length, comes to an end', () => {
  expect(fc.sample(arbitraryOf({ type: 'string', pattern: '^[0-9a-f]{64}$' }), { numRuns: 1, seed: 1 })[0]).toMatch(/^[0-9a-f]{64}$/)
  expect(fc.sample(arbitraryOf({ type: 'string', pattern: '^[0-9a-f]{64}$', maxLength: 3 }), { numRuns: 1, seed: 1 })).toHaveLength(1)
})

test('[C201] each text that takes one holds a canary of its own, which is found again in capitals too; the input fits still', () => {
  const pen = new CanaryPen(1, 'alpha', 'citizen of alpha')
  for (let variant = 0; variant < 6; variant += 1) {
    const input = canaryInput(PLAIN, { pen, place: 'POST /x', seed: 1, variant }) as { readonly title: string; readonly tags: readonly string[] }
    expect(fits(input)).toBe(true)
    expect(pen.foundIn(input.title).map(({ place }) => place)).toEqual(['POST /x title'])
  }
  const texts = pen.written.map(({ text }) => text)
  expect(new Set(texts).size).toBe(texts.length)
  expect(pen.foundIn(`… ${texts[3]?.toUpperCase()} …`).map(({ text }) => text)).toEqual([texts[3]])
  expect(new CanaryPen(1, 'beta', 'citizen of beta').foundIn(texts.join(' '))).toEqual([])
  expect(texts.some((text) => text.includes(pen.searchText) && pen.foundIn(pen.searchText).length === 0)).toBe(true)
})

test('[C202] ids are found in JSON, in links and in rows, what lies in tables before what was read, the newest first; a fixed part of an address is none', () => {
  const route = (path: string) => ({ kind: 'page', path, audience: 'public', title: 't', handler: () => undefined }) as never
  const ids = new KnownIds('notes', [route('/notes/:id'), route('/notes/:id/parts/:part'), route('/notes/new'), route('/people/:slug')])
  expect(ids.paramsFor({ path: '/notes/:id' })).toEqual([])
  ids.noteAnswer('{"items":[{"id":"n1","childId":"c1"}]}', 'application/json')
  ids.noteAnswer('<a href="/apps/notes/notes/n2?x=1">…</a> <a href="/apps/notes/notes/new">…</a> <a href="/apps/notes/notes/n2/parts/p%201">', 'text/html')
  ids.noteTables([{ name: 'people', rows: [{ id: 'x', slug: 'ada', note_id: 'n3' }] }])
  expect(ids.paramsFor({ path: '/notes/:id' }).map(({ id }) => id)).toEqual(['n2', 'x', 'n1'])
  expect(ids.paramsFor({ path: '/notes/:id/parts/:part' })[0]).toEqual({ id: 'n2', part: 'p 1' })
  expect(ids.paramsFor({ path: '/people/:slug' })[0]).toEqual({ slug: 'ada' })
  expect([ids.valueFor('childId'), ids.valueFor('noteId'), ids.valueFor('text')]).toEqual(['c1', 'n3', undefined])
  expect(ids.paramsFor({ path: '/' })).toEqual([{}])
})
