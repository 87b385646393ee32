import { Agent, request as httpRequest } from 'node:http'
import { BOOKS, titleOf, type Home } from './good-neighbour.ts'

/** One tenant of the platform under attack. */
export interface Place {
  readonly slug: string
  readonly host: string
}

/** What the neighbours answered while something else went on. */
export interface Account {
  readonly answered: Readonly<Record<Home, number>>
  /** What they answered wrongly, or did not. */
  readonly wrong: readonly string[]
}

interface Errand {
  readonly home: Home
  readonly place: Place
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly expected: (body: unknown) => boolean
}

/** Askers at a time; each waits for its answer before it asks again. */
const ASKERS = 4

/**
 * People of two tenants who use two well-behaved plugins, one in the kernel's process and one in a child, without a pause: they read, have one plugin ask the
 * other, and write. Each answer is held against what only that plugin at that tenant can say.
 */
export class Neighbourhood {
  readonly #port: number
  readonly #places: readonly Place[]
  readonly #agent = new Agent({ keepAlive: true, maxSockets: ASKERS * 2 })
  readonly #answered: Record<Home, number> = { inline: 0, process: 0 }
  readonly #wrong: string[] = []
  #times: Record<Home, number[]> = { inline: [], process: [] }
  #waiting: { readonly until: Readonly<Record<Home, number>>; readonly resolve: () => void }[] = []
  #round = 0
  #isOver = false
  #done: Promise<unknown> = Promise.resolve()

  constructor(port: number, places: readonly Place[]) {
    this.#port = port
    this.#places = places
  }

  /** Fills the shelves, and begins to ask. */
  async start(): Promise<void> {
    for (const place of this.#places) {
      for (const home of ['inline', 'process'] as const) {
        const { status, text } = await this.#send({ place, method: 'POST', path: `/apps/good-${home}/books` })
        if (status !== 200) throw new Error(`The neighbour in ${home} at ${place.slug} could not begin: ${status} ${text}`)
      }
    }
    this.#done = Promise.all(Array.from({ length: ASKERS }, async () => { while (!this.#isOver) await this.#ask(this.#next()) }))
  }

  /** What they have answered until now. */
  account(): Account {
    return { answered: { ...this.#answered }, wrong: [...this.#wrong] }
  }

  /** How long each answer took since this was asked last, in milliseconds, by neighbour. */
  takeTimes(): Readonly<Record<Home, readonly number[]>> {
    const taken = this.#times
    this.#times = { inline: [], process: [] }
    return taken
  }

  /** Resolves when each has answered so many times more: that they go on is seen, not timed. */
  async answers(more: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting = [...this.#waiting, { until: { inline: this.#answered.inline + more, process: this.#answered.process + more }, resolve }]
    await promise
  }

  /** Asks nothing more; resolves when all is answered. */
  async stop(): Promise<void> {
    this.#isOver = true
    await this.#done
    this.#agent.destroy()
  }

  /** The next errand: reads mostly, a service of the other, and now and then something is written. */
  #next(): Errand {
    const round = this.#round
    this.#round += 1
    const home: Home = round % 2 === 0 ? 'inline' : 'process'
    const place = this.#places[(round >> 1) % this.#places.length] as Place
    const number = (round * 7) % BOOKS
    const path = `/apps/good-${home}`
    if (round % 40 < 2) return { home, place, method: 'POST', path: `${path}/notes`, expected: (body) => typeof (body as { readonly id?: unknown }).id === 'string' }
    if (round % 10 < 2) return { home, place, method: 'GET', path: `${path}/echo/${round}`, expected: (body) => same(body, { text: String(round), tenant: place.slug }) }
    return { home, place, method: 'GET', path: `${path}/books/${number}`, expected: (body) => same(body, { id: String(number), title: titleOf(home, place.slug, number), tenant: place.slug }) }
  }

  async #ask(errand: Errand): Promise<void> {
    const { home, place, method, path, expected } = errand
    const since = performance.now()
    const answer = await this.#send(errand).catch((error: unknown) => ({ status: 0, text: String(error) }))
    if (answer.status !== 200 || !expected(JSON.parse(answer.text))) this.#wrong.push(`${method} ${place.slug}${path}: ${answer.status} ${answer.text.slice(0, 300)}`)
    this.#answered[home] += 1
    this.#times[home].push(performance.now() - since)
    this.#waiting = this.#waiting.filter(({ until, resolve }) => {
      if (this.#answered.inline < until.inline || this.#answered.process < until.process) return true
      resolve()
      return false
    })
  }

  #send({ place, method, path }: { readonly place: Place; readonly method: string; readonly path: string }): Promise<{ readonly status: number; readonly text: string }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ readonly status: number; readonly text: string }>()
    const headers = { host: `${place.host}:${this.#port}`, accept: 'application/json', ...(method === 'GET' ? {} : { origin: `http://${place.host}:${this.#port}`, 'sec-fetch-site': 'same-origin' }) }
    httpRequest({ host: '127.0.0.1', port: this.#port, method, path, headers, agent: this.#agent }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part)).on('error', reject).on('end', () => { resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() }) })
    }).on('error', reject).end()
    return promise
  }
}

function same(body: unknown, expected: Readonly<Record<string, string>>): boolean {
  const found = body as Readonly<Record<string, unknown>>
  return Object.entries(expected).every(([key, value]) => found[key] === value)
}
