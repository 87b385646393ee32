import { request as httpRequest } from 'node:http'

/** An answer as a test looks at it. */
export interface TestAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
  readonly text: string
  /** The body parsed as JSON, whatever it is: the test says what it expects. */
  json<Value = unknown>(): Value
}

/** A request of a test, beyond method and path. */
export interface TestRequest {
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as a form; with a `File` among them as multipart. */
  readonly form?: Readonly<Record<string, string | readonly string[] | File>>
  /** Sent as it is. */
  readonly body?: string | Uint8Array
}

/** Someone in front of one tenant's pages: keeps cookies, sends forms as a browser would. */
export class TestClient {
  readonly #port: number
  readonly #host: string
  readonly #cookies = new Map<string, string>()
  readonly #token: string | undefined

  /** @param host - the tenant's host name; it travels in the Host header, the connection goes to loopback */
  constructor(port: number, host: string, options: { readonly cookie?: { readonly name: string; readonly value: string }; readonly token?: string } = {}) {
    this.#port = port
    this.#host = host
    this.#token = options.token
    if (options.cookie !== undefined) this.#cookies.set(options.cookie.name, options.cookie.value)
  }

  get(path: string, more: TestRequest = {}): Promise<TestAnswer> {
    return this.send('GET', path, more)
  }

  post(path: string, json: unknown, more: TestRequest = {}): Promise<TestAnswer> {
    return this.send('POST', path, { json, ...more })
  }

  /** Submits the form of a page as a browser would: reads the page first, carries its hidden fields along. */
  async submit(path: string, fields: NonNullable<TestRequest['form']>, page = path): Promise<TestAnswer> {
    const shown = await this.get(page, { headers: { accept: 'text/html' } })
    const token = /name="_csrf" value="([^"]+)"/.exec(shown.text)?.[1]
    return this.send('POST', path, { form: { ...(token === undefined ? {} : { _csrf: token }), ...fields }, headers: { accept: 'text/html' } })
  }

  async send(method: string, path: string, more: TestRequest = {}): Promise<TestAnswer> {
    const { type, content } = await encode(more)
    const headers: Record<string, string> = {
      host: `${this.#host}:${this.#port}`,
      accept: 'application/json',
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(method === 'GET' || method === 'HEAD' ? {} : { origin: `http://${this.#host}:${this.#port}`, 'sec-fetch-site': 'same-origin' }),
      ...(this.#cookies.size === 0 ? {} : { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
      ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      ...(content === undefined ? {} : { 'content-length': String(content.byteLength) }),
      ...more.headers,
    }
    const { promise, resolve, reject } = Promise.withResolvers<TestAnswer>()
    const request = httpRequest({ host: '127.0.0.1', port: this.#port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        for (const cookie of response.headers['set-cookie'] ?? []) this.#keep(cookie)
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: flat(response.headers), bytes, text, json: <Value>() => JSON.parse(text) as Value })
      })
    })
    request.on('error', reject)
    request.end(content)
    return promise
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';')
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(name.length + 1)
    if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(cookie)) this.#cookies.delete(name)
    else this.#cookies.set(name, value)
  }
}

async function encode({ json, form, body }: TestRequest): Promise<{ readonly type?: string; readonly content?: Uint8Array }> {
  if (json !== undefined) return { type: 'application/json', content: Buffer.from(JSON.stringify(json)) }
  if (body !== undefined) return { content: typeof body === 'string' ? Buffer.from(body) : body }
  if (form === undefined) return {}
  const entries = Object.entries(form).flatMap(([name, value]) => (Array.isArray(value) ? value.map((one) => [name, one] as const) : [[name, value as string | File] as const]))
  if (!entries.some(([, value]) => value instanceof File)) {
    return { type: 'application/x-www-form-urlencoded', content: Buffer.from(new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString()) }
  }
  const data = new FormData()
  for (const [name, value] of entries) data.append(name, value)
  const encoded = new Response(data)
  return { type: encoded.headers.get('content-type') ?? '', content: new Uint8Array(await encoded.arrayBuffer()) }
}

function flat(headers: NodeJS.Dict<string | string[]>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]))
}
