import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call as an application gets it. */
export interface GotCall {
  readonly plugin: string
  readonly release: string
  readonly target: { readonly at: string; readonly index?: number }
  readonly facts: { readonly tenant: { readonly slug: string } }
  readonly input: unknown
  readonly csrfToken: string
  readonly callback: { readonly url: string; readonly token: string }
}

/** An application of a test's own on loopback, good or evil. */
export interface FakeApplication extends AsyncDisposable {
  readonly url: string
  /** What it says of itself from now on. */
  describe(description: unknown): void
  /** What it does with calls from now on. */
  answer(handler: (call: GotCall, response: ServerResponse) => void | Promise<void>): void
  /** Headers of each call, in order. */
  readonly headers: readonly IncomingHttpHeaders[]
}

/** What an application says of itself, small. */
export function description(over: { readonly id?: string; readonly version?: string; readonly plugin?: object; readonly more?: object } = {}): object {
  return {
    protocol: 1,
    plugin: {
      id: over.id ?? 'org.example.evil', version: over.version ?? '1.0.0', path: 'evil', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Application' },
      publisher: { name: 'Test', contact: 'https://example.org' }, limits: { callMs: 30_000 }, scopes: [], permissions: { see: { title: { fr: 'Voir' }, roles: ['agent'] } },
      messages: { fr: { title: 'Titre' }, en: { title: 'Title' } }, ...over.plugin,
    },
    privacy: { stores: [] },
    endpoints: [
      { kind: 'page', path: '/', audience: 'public', title: 'title' },
      { kind: 'route', method: 'GET', path: '/number', audience: 'public', summary: 'Un nombre', response: { 200: { type: 'object', required: ['number'], properties: { number: { type: 'integer' } } } } },
      { kind: 'route', method: 'GET', path: '/soon', audience: 'public', summary: 'Un nombre, vite', timeoutMs: 300, response: { 200: { type: 'object', required: ['number'], properties: { number: { type: 'integer' } } } } },
      { kind: 'action', path: '/deed', audience: 'public' },
    ],
    contributions: [{ slot: 'fr.liberacces.bureau-tile/v1', title: 'title', permission: 'see', data: { icon: 'map' } }],
    ...over.more,
  }
}

export async function startFakeApplication(said: unknown = description()): Promise<FakeApplication> {
  const headers: IncomingHttpHeaders[] = []
  let handle: Parameters<FakeApplication['answer']>[0] = (_call, response) => { sendJson(response, { kind: 'result', value: null }) }
  const server = createServer((request, response) => {
    void (async () => {
      if (request.url === '/plugin.json') {
        sendJson(response, said)
        return
      }
      headers.push(request.headers)
      const chunks: Buffer[] = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      await handle(JSON.parse(Buffer.concat(chunks).toString('utf8')) as GotCall, response)
    })()
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    describe: (description_) => { said = description_ },
    answer: (handler) => { handle = handler },
    headers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => { server.close(resolve) })
    },
  }
}

export function sendJson(response: ServerResponse, content: unknown, status = 200): void {
  const body = JSON.stringify(content)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
}
