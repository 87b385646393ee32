// A front on a real port, with the neighbours' parts (tenants, people, runtime, files, page shell) in their simplest form.
import { createHash } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Context, FileRef, Plugin } from '@liberacces/sdk'
import { collectRegistrations, manifestOf } from '@liberacces/sdk/host'
import { PlatformError } from '../../src/errors.ts'
import type { FilePort, PageContent } from '../../src/http/endpoints/endpoint-ports.ts'
import { createFront, type Front, type Mount } from '../../src/http/front.ts'
import type { FrontPorts } from '../../src/http/front-ports.ts'
import { loadAssets } from '../../src/http/kernel/assets.ts'
import { createLog } from '../../src/http/log.ts'
import type { Principal } from '../../src/identity/principal.ts'
import { Gates } from '../../src/runtime/gates.ts'
import type { LoadedRelease } from '../../src/runtime/release.ts'
import type { Runtime } from '../../src/runtime/runtime.ts'
import { Scope } from '../../src/scope.ts'
import { parseHost } from '../../src/tenancy/host-name.ts'
import type { Tenant } from '../../src/tenancy/tenant.ts'

export const NOW = Date.UTC(2026, 4, 2, 12)

function tenant(id: string, name: string): Tenant {
  return { id, parentId: undefined, hosts: [`${id}.localhost`], info: { slug: id, name, kind: 'commune', siren: undefined, insee: undefined, population: undefined } }
}
export const ROCHELLE = tenant('la-rochelle', 'La Rochelle')
export const AYTRE = tenant('aytre', 'Aytré')

const ANONYMOUS: Principal = Object.freeze({ kind: 'anonymous', id: 'anonymous', name: '', email: undefined, roles: [], permissions: new Set<string>(), via: 'none', csrfToken: '' })

/** Someone who may do what is listed. `Authorization: Bearer <name>` or the cookie `session=<name>` is this person. */
export function person(name: string, via: 'cookie' | 'token', ...permissions: readonly string[]): Principal {
  return Object.freeze({ kind: 'account', id: name, name, email: undefined, roles: [], permissions: new Set(permissions), via, csrfToken: via === 'cookie' ? `csrf-${name}` : '' })
}

/** Runs plugin code as the kernel does: with a time limit, and blame. */
const runtime: Runtime = {
  async call(release, origin, call, body) {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => { late.reject(new PlatformError('PLUGIN_CALL_TIMEOUT', `Plugin "${release.manifest.id}" ran past ${call.limitMs} ms in ${call.what}.`, { fix: 'Ask its publisher.' })) }, call.limitMs)
    const messages = release.plugin.messages[origin.locale] as Readonly<Record<string, string>>
    const c = {
      tenant: origin.tenant.info, locale: origin.locale, signal: origin.signal,
      actor: { kind: origin.principal.kind, id: origin.principal.id, name: origin.principal.name, roles: [], can: (name: string) => origin.principal.permissions.has(`${release.manifest.id}/${name}`) },
      t: (key: string) => messages[key] ?? key,
      url: (path: string) => `/apps/${release.manifest.path}${path}`,
    } as unknown as Context
    try {
      return await Promise.race([body(c), late.promise])
    } catch (cause) {
      if (cause instanceof PlatformError) throw cause
      throw new PlatformError('PLUGIN_CALL_FAILED', `Plugin "${release.manifest.id}" failed in ${call.what}: ${String(cause)}`, { fix: 'Ask its publisher.', cause })
    } finally {
      clearTimeout(timer)
    }
  },
}

/** Files in memory, by store; `kept` is what is there now. */
class MemoryFiles implements FilePort {
  readonly kept = new Map<string, { readonly ref: FileRef; readonly bytes: Buffer; readonly store: string }>()
  /** How many files began to arrive. */
  begun = 0
  #next = 1

  async putStream(key: { tenantId: string; pluginId: string }, content: Readable, about: { name: string; type: string }, limits: { maxBytes: number; accept: readonly string[] }): Promise<FileRef> {
    this.begun += 1
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of content as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > limits.maxBytes) throw new PlatformError('FILE_TOO_LARGE', 'too large', { fix: 'smaller' })
      chunks.push(chunk)
    }
    const fits = limits.accept.length === 0 || limits.accept.some((type) => type === about.type || (type.endsWith('/*') && about.type.startsWith(type.slice(0, -1))))
    if (!fits) throw new PlatformError('FILE_TYPE_REFUSED', 'type', { fix: 'other' })
    return this.add(`${key.tenantId}/${key.pluginId}`, about.name, about.type, Buffer.concat(chunks))
  }

  add(store: string, name: string, type: string, bytes: Buffer): FileRef {
    const ref: FileRef = { id: `file-${this.#next++}`, name, type, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    this.kept.set(ref.id, { ref, bytes, store })
    return ref
  }

  async open(key: { tenantId: string; pluginId: string }, id: string) {
    const file = this.kept.get(id)
    if (file === undefined || file.store !== `${key.tenantId}/${key.pluginId}`) return undefined
    return { ref: file.ref, stream: async (range?: { start: number; end: number }) => Readable.from([range === undefined ? file.bytes : file.bytes.subarray(range.start, range.end + 1)]) }
  }

  async delete(_key: unknown, id: string): Promise<void> {
    this.kept.delete(id)
  }
}

/** A plugin, loaded. */
export function loaded(plugin: Plugin): LoadedRelease {
  const registrations = collectRegistrations(plugin)
  return { plugin, registrations, manifest: manifestOf(plugin, registrations), scope: new Scope(plugin.id) }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly bytes: Buffer
  readonly json: Readonly<Record<string, unknown>>
}

export interface Asked {
  readonly method?: string
  readonly host?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
  readonly as?: string
}

/** A running front and what the tests look at. */
export interface TestFront extends AsyncDisposable {
  readonly front: Front
  readonly port: number
  readonly files: MemoryFiles
  /** What was logged, as parsed lines. */
  readonly log: readonly Readonly<Record<string, unknown>>[]
  readonly pages: readonly PageContent[]
  mount(release: LoadedRelease): Promise<Mount>
  /** What `releaseAt` answers. */
  readonly active: Map<string, LoadedRelease>
  get(path: string, asked?: Asked): Promise<Answer>
  post(path: string, body: string | Buffer, type: string, asked?: Asked): Promise<Answer>
  /** Sends bytes as they are and returns all that comes back. */
  raw(bytes: string): Promise<string>
}

export async function startFront(options: { readonly people?: readonly Principal[]; readonly releases?: readonly LoadedRelease[]; readonly ports?: Partial<FrontPorts> } = {}): Promise<TestFront> {
  const files = new MemoryFiles()
  const log: Record<string, unknown>[] = []
  const pages: PageContent[] = []
  const active = new Map<string, LoadedRelease>()
  const people = new Map((options.people ?? []).map((each) => [each.id, each] as const))
  let seed = 0
  const ports: FrontPorts = {
    log: createLog('debug', { write: (line: string) => { log.push(JSON.parse(line) as Record<string, unknown>) } }),
    outside: { now: () => NOW, randomBytes: (length) => Uint8Array.from({ length }, () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16 & 0xff), fetch },
    runtime, gates: new Gates(), files,
    csrf: { check: (_request, principal, token) => token === principal.csrfToken },
    pages: {
      render: (page) => {
        pages.push(page)
        return `<!doctype html><title>${page.title}</title>${page.notice === undefined ? '' : `<p class="notice">${page.notice}</p>`}<main>${page.content}</main>`
      },
    },
    renderError: ({ problem, context }) => `<!doctype html><html lang="${context.locale}"><h1>${problem.status}</h1><p>${problem.code} ${problem.traceId}</p>`,
    kernel: {
      releasesOf: () => [...active.values()],
      theme: () => undefined,
      metricsPermission: 'platform/metrics.read',
      assets: await loadAssets([]),
    },
    tenantByHost: (header) => [ROCHELLE, AYTRE].find(({ hosts }) => hosts.includes(parseHost(header) ?? '')),
    authenticate: (request) => {
      const name = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? /session=(\w+)/.exec(request.headers.cookie ?? '')?.[1]
      return people.get(name ?? '') ?? ANONYMOUS
    },
    releaseAt: (_tenant, path) => active.get(path),
    ready: () => true,
    kernelRoutes: () => undefined,
    signingKey: Buffer.alloc(32, 7),
    secureCookies: false,
    ...options.ports,
  }
  const front = await createFront(ports)
  const { port } = await front.listen(0, '127.0.0.1')
  const mount = async (release: LoadedRelease): Promise<Mount> => {
    const mounted = await front.mount(release)
    active.set(release.manifest.path, release)
    return mounted
  }
  for (const release of options.releases ?? []) await mount(release)
  const send = (path: string, { method = 'GET', host = 'la-rochelle.localhost', headers = {}, body, as }: Asked): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const auth = as === undefined ? {} : people.get(as)?.via === 'cookie' ? { cookie: `session=${as}` } : { authorization: `Bearer ${as}` }
    const all = { host, ...auth, ...headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) }
    const call = httpRequest({ host: '127.0.0.1', port, path, method, headers: all as Record<string, string>, agent: false }, (response) => {
      buffer(response).then((bytes) => {
        const text = bytes.toString()
        const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== ''
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, bytes, json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} })
      }, reject)
    })
    call.on('error', reject)
    call.end(body)
    return promise
  }
  return {
    front, port, files, log, pages, active, mount,
    get: (path, asked = {}) => send(path, asked),
    post: (path, body, type, asked = {}) => send(path, { method: 'POST', body, ...asked, headers: { 'content-type': type, ...asked.headers } }),
    raw: (bytes) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const socket = connect(port, '127.0.0.1', () => { socket.write(bytes, 'latin1') })
      let text = ''
      socket.on('data', (chunk) => { text += chunk.toString('latin1') })
      socket.on('close', () => { resolve(text) })
      socket.on('error', reject)
      return promise
    },
    [Symbol.asyncDispose]: async () => { await front.stop(1_000) },
  }
}
