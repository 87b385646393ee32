import { definePlugin, Type, type Context, type EventContract, type Migrations, type Plugin, type Registrar, type Scope } from '@liberacces/sdk'

/** What an author with bad intentions could have found out about a platform beforehand. Everything that is asked for in the corpus, whether it is used or not. */
export interface Known {
  /** Which of several ways to take. */
  readonly way?: string
  /** Absolute paths of files that are none of the plugin's business. */
  readonly files?: readonly string[]
  /** Absolute paths where it would like to leave something. */
  readonly places?: readonly string[]
  /** Ports and sockets on this machine where somebody listens. */
  readonly tcp?: number
  readonly udp?: number
  readonly dns?: number
  readonly unix?: string
  /** Processes of this machine that are not its own. */
  readonly pids?: readonly number[]
  /** Ids that belong to another tenant or plugin. */
  readonly tenantId?: string
  readonly fileId?: string
}

/** One thing that was tried, and what came of it: `refused: <why>` or `done: <what was got>`. */
export interface Attempt {
  readonly what: string
  readonly got: string
}

/** What an evil does when it is told to. What it throws is its failure. */
export type Deed = (c: Context, known: Known) => Attempt[] | Promise<Attempt[]>

/** Longest that one attempt is waited for, in milliseconds: what is refused is refused at once. */
const PATIENCE_MS = 400

/** Tries one thing, and says what came of it. */
export async function attempt(what: string, body: () => unknown): Promise<Attempt> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => { reject(Object.assign(new Error('nothing came of it'), { code: 'NOTHING' })) }, PATIENCE_MS)
  try {
    return { what, got: `done: ${shown(await Promise.race([body(), late]))}` }
  } catch (error) {
    const { code, name, message } = error as { readonly code?: string; readonly name?: string; readonly message?: string }
    return { what, got: `refused: ${code ?? name ?? ''} ${message ?? ''}`.slice(0, 300) }
  } finally {
    clearTimeout(timer)
  }
}

/** Several, one after the other: each meets what the one before left behind. */
export async function attempts(tries: Readonly<Record<string, () => unknown>>): Promise<Attempt[]> {
  const made: Attempt[] = []
  for (const [what, body] of Object.entries(tries)) made.push(await attempt(what, body))
  return made
}

function shown(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.subarray(0, 200).toString('latin1')
  return (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)).slice(0, 200)
}

/** Put in front of the code by the packer: what makes one evil several plugins, of which each can be ended once. */
declare const VARIANT: string
/** Nothing in the test itself, which reads what some evils declare. */
const variant = typeof VARIANT === 'undefined' ? '' : VARIANT

/** What an evil declares besides its deed. */
interface More {
  readonly scopes?: readonly Scope[]
  readonly migrations?: Migrations
  readonly emits?: readonly EventContract[]
  readonly memoryMb?: number
  /** Longest one call may take, in milliseconds. @defaultValue 2 000 */
  readonly callMs?: number
  /** What else it registers. */
  readonly setup?: (k: Registrar<never>) => void
}

const Answer = Type.Array(Type.Object({ what: Type.String(), got: Type.String() }))

/**
 * A plugin that does one evil when it is asked to (`GET /try?known=<JSON>`), and behaves otherwise (`GET /well`). Its id is `fr.evil.<name><variant>`.
 */
export function evil(name: string, deed: Deed, { scopes = ['db'], migrations = {}, emits = [], memoryMb = 96, callMs = 2_000, setup }: More = {}): Plugin {
  return definePlugin<object>()({
    id: `fr.evil.${name}${variant}`, version: '1.0.0', path: `${name}${variant}`, sdk: '*', license: 'MIT', title: { fr: name }, publisher: { name: 'Evil', contact: 'https://evil.example' },
    runtime: 'process', limits: { memoryMb, callMs }, scopes, migrations, emits, privacy: { stores: [] }, messages: { fr: { title: name }, en: { title: name } },
    setup(k) {
      k.route({ method: 'GET', path: '/try', audience: 'public', summary: 'Try it', query: Type.Object({ known: Type.String() }), response: { 200: Answer } },
        async (c, { query }) => c.reply(200, await deed(c as unknown as Context, JSON.parse(query.known) as Known)))
      k.route({ method: 'GET', path: '/well', audience: 'public', summary: 'Behave', response: { 200: Type.Object({ well: Type.String() }) } },
        (c) => c.reply(200, { well: c.tenant.slug }))
      setup?.(k as never)
    },
  })
}
