import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { defineEvent, definePlugin, Type, type Migrations } from '@liberacces/sdk'
import { describe, expect, onTestFinished, test } from 'vitest'
import { givenPlugin } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/http/log.ts'
import { createPlatform } from '../../src/platform.ts'
import { runEnvironment } from '../run-environment.ts'
import { temporaryFolder } from '../cli/cli-kit.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const Written = defineEvent('fr.test.writes.written/v1', Type.Object({ text: Type.String() }))
const NOTE: Migrations = { '0001-note': { up: async (db) => { await db.schema.createTable('note').addColumn('text', 'text').execute() }, down: async (db) => { await db.schema.dropTable('note').execute() } } }
const COMMON = { sdk: '*', license: 'MIT', publisher: { name: 'Test', contact: 'x' }, runtime: 'inline', version: '1.0.0', scopes: ['db'], migrations: NOTE, privacy: { stores: [], export: async () => ({ data: {} }), erase: async () => ({ erased: 0 }) }, messages: { fr: {}, en: {} } } as const

const writes = definePlugin<{ note: { text: string } }>()({
  ...COMMON, id: 'fr.test.writes', path: 'writes', title: { fr: 'Écrit', en: 'Writes' }, emits: [Written],
  setup(k) {
    k.route({ method: 'POST', path: '/write', audience: 'public', summary: 'Writes', body: Type.Object({ text: Type.String() }), response: { 204: Type.Null() } }, async (c, { body }) => {
      await c.db.selectFrom('note').selectAll().execute()
      await c.transaction(async (tx) => {
        await tx.insertInto('note').values({ text: body.text }).execute()
        await tx.emit(Written, { text: body.text })
      })
      return c.reply(204, null)
    })
    k.route({ method: 'GET', path: '/fail', audience: 'public', summary: 'Fails', response: { 204: Type.Null() } }, async () => { throw new Error('Madame Dupont, 12 rue du Port') })
  },
})
const hears = definePlugin<{ note: { text: string } }>()({
  ...COMMON, id: 'fr.test.hears', path: 'hears', title: { fr: 'Entend', en: 'Hears' },
  setup(k) {
    k.on(Written, async (c, event) => { await c.transaction(async (tx) => { await tx.insertInto('note').values({ text: event.data.text }).execute() }) })
  },
})

interface Span {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code: number; readonly message?: string }
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
}
interface Batch {
  readonly resourceSpans: readonly { readonly resource: { readonly attributes: Span['attributes'] }; readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[]
}

/** A collector of OTLP over HTTP, as far as one test asks. */
async function collector() {
  const batches: Batch[] = []
  const paths: string[] = []
  const server = createServer((incoming, response) => {
    paths.push(`${incoming.method} ${incoming.url}`)
    void json(incoming).then((body) => {
      batches.push(body as Batch)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => { server.close() })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths, spans: () => batches.flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))), batches }
}

async function serve(env: Readonly<Record<string, string>>) {
  const folder = temporaryFolder()
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', ...await runEnvironment(folder), ...env }, folder), plugins: [givenPlugin(writes), givenPlugin(hears)], log: createLog('silent'),
    outside: { now: Date.now, randomBytes: (length) => randomBytes(length), fetch: () => Promise.reject(new Error('no network')) },
  })
  if (platform.catalogue.rejected.length > 0) throw new Error(platform.catalogue.rejected.flatMap(({ problems }) => problems.map(({ message }) => message)).join(' '))
  let isStopped = false
  const stop = async (): Promise<void> => {
    if (!isStopped) await platform.stop()
    isStopped = true
  }
  onTestFinished(stop)
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const { id } = await platform.tenants.create({ kind: 'commune', name: 'Aytré', slug: 'aytre', insee: '17028' }, BY)
  await platform.installations.enableTogether(id, ['fr.test.writes', 'fr.test.hears'], BY)
  const { port } = await platform.listen()
  const ask = async (path: string, { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<number> => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { host: `aytre.localhost:${port}`, 'content-type': 'application/json', ...headers } })
    asked.end(body)
    const [answer] = await once(asked, 'response') as [IncomingMessage]
    answer.resume()
    await once(answer, 'close')
    return answer.statusCode ?? 0
  }
  return { platform, stop, ask }
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const CALLER = '00f067aa0ba902b7'
const write = { method: 'POST', body: JSON.stringify({ text: 'Bonjour' }) }
const attribute = ({ attributes }: Pick<Span, 'attributes'>, key: string): unknown => Object.values(attributes.find((one) => one.key === key)?.value ?? {})[0]

describe('traces', () => {
  test('[O1] one trace leads from the request through plugin, database and event to the plugin that hears it', { timeout: 60_000 }, async () => {
    const { url, spans, paths, batches } = await collector()
    const { platform, ask, stop } = await serve({ OTEL_EXPORTER_OTLP_ENDPOINT: url })
    expect(await ask('/apps/writes/write?nom=Dupont', { ...write, headers: { traceparent: `00-${TRACE}-${CALLER}-01` } })).toBe(204)
    await platform.events.settle()
    await stop()
    expect(new Set(paths)).toEqual(new Set(['POST /v1/traces']))
    const ours = spans().filter(({ traceId }) => traceId === TRACE)
    const names = new Map(ours.map((span) => [span.spanId, span.name]))
    /** A span with its ancestors, the first of the trace last. */
    const lineage = ({ name, parentSpanId }: Span): string => {
      const parent = ours.find(({ spanId }) => spanId === parentSpanId)
      return parent === undefined ? `${name} < ${parentSpanId === CALLER ? 'caller' : parentSpanId}` : `${name} < ${lineage(parent)}`
    }
    const request = 'POST fr.test.writes < caller'
    const route = `fr.test.writes route POST /write < ${request}`
    const deliver = `deliver fr.test.writes.written/v1 < ${route}`
    const lines = ours.map(lineage).toSorted()
    expect(lines.filter((line) => line.startsWith('fr.test.hears handler'))).toHaveLength(1)
    const handler = lines.find((line) => line.startsWith('fr.test.hears handler')) ?? ''
    expect(handler).toMatch(new RegExp(`^fr\\.test\\.hears handler [^<]+ < ${deliver.replace(/[.]/g, '\\.')}$`))
    expect(lines).toEqual([request, route, `select note < ${route}`, `transaction < ${route}`, `insert < transaction < ${route}`, deliver, handler, `transaction < ${handler}`, `insert < transaction < ${handler}`].toSorted())
    expect(names.size).toBe(ours.length)
    const served = ours.find(({ kind, name }) => kind === 2 && name.startsWith('POST'))
    if (served === undefined) throw new Error('There is no span of the request.')
    expect([attribute(served, 'http.response.status_code'), attribute(served, 'url.path'), attribute(served, 'liberacces.tenant')]).toEqual([204, '/apps/writes/write', 'aytre'])
    for (const span of ours) expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)).toBe(true)
    expect(attribute(batches[0]?.resourceSpans[0]?.resource ?? { attributes: [] }, 'service.name')).toBe('liberacces')
  })

  test('[O2] what people wrote, and what an error quotes, is in no span', { timeout: 60_000 }, async () => {
    const { url, batches, spans } = await collector()
    const { ask, stop, platform } = await serve({ OTEL_EXPORTER_OTLP_ENDPOINT: url })
    await ask('/apps/writes/write?nom=Dupont', write)
    expect(await ask('/apps/writes/fail?nom=Dupont')).toBe(500)
    await platform.events.settle()
    await stop()
    expect(JSON.stringify(batches)).not.toMatch(/Dupont|Bonjour|rue du Port/)
    expect(spans().filter(({ status }) => status.code === 2).map(({ name, status }) => `${name}: ${status.message}`).toSorted()).toEqual(['GET fr.test.writes: 500', 'fr.test.writes route GET /fail: PLUGIN_CALL_FAILED'])
  })

  test('[O3] a caller who keeps its trace to itself is left alone; a share of the others is sent, and the share is by trace', { timeout: 60_000 }, async () => {
    const { url, spans } = await collector()
    const { ask, stop, platform } = await serve({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' })
    await ask('/apps/writes/write', { ...write, headers: { traceparent: `00-${TRACE}-${CALLER}-00` } })
    for (let round = 0; round < 40; round += 1) await ask('/apps/writes/fail')
    await platform.events.settle()
    await stop()
    expect(spans().filter(({ traceId }) => traceId === TRACE)).toEqual([])
    const counts = Map.groupBy(spans().filter(({ name }) => name.includes('GET')), ({ traceId }) => traceId)
    expect(counts.size).toBeGreaterThan(5)
    expect(counts.size).toBeLessThan(35)
    // Whole or not at all.
    expect(new Set([...counts.values()].map(({ length }) => length))).toEqual(new Set([2]))
  })

  test('[O4] a collector that is away, or no collector at all, changes nothing for who is served', { timeout: 60_000 }, async () => {
    const { ask } = await serve({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
    expect(await ask('/apps/writes/write', write)).toBe(204)
    const off = [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_SDK_DISABLED: 'true' }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_TRACES_EXPORTER: 'none' }]
    expect(off.map((env) => readConfig(env, '/srv').tracing)).toEqual([undefined, undefined, undefined])
  })

  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT: it is no address of a collector.'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" is not spoken here.'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_TRACES_SAMPLER: 'jaeger_remote' }, 'OTEL_TRACES_SAMPLER: "jaeger_remote" is not known here.'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG: "2" is no share.'],
  ])('[O4] what is set wrongly is said at the start: %o', (env, message) => {
    expect(() => readConfig(env, '/srv')).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID', message }))
  })
})
