import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { commandEnvironment } from '../run-environment.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Plugins of the tests: a board, and one that needs it. */
export const PLUGINS = fileURLToPath(new URL('../fixtures/plugins', import.meta.url))
/** A folder with a package that is no plugin. */
export const BROKEN_PLUGINS = fileURLToPath(new URL('../fixtures/broken-plugins', import.meta.url))

/** A folder that is gone when the test is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-cli-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  return folder
}

/** How a process of the command line ended. */
export interface Ended {
  readonly exit: number | null
  readonly out: string
  readonly err: string
}

/** What a process of the command line gets besides its arguments. */
export interface Given {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** Modules to load first. */
  readonly imports?: readonly string[]
}

/** Command line and environment of `liberacces`, as a process of its own on the plugins of the tests. */
export async function processOf(args: readonly string[], { env = {}, imports = [] }: Given = {}): Promise<{ readonly argv: readonly string[]; readonly env: Record<string, string | undefined> }> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LIBERACCES_|PORT$|HOST$|npm_|NODE_OPTIONS$|VITEST|TEST)/.test(name)))
  return { argv: ['--import', 'tsx', ...imports.flatMap((path) => ['--import', path]), MAIN, ...args], env: { ...inherited, PORT: '0', LIBERACCES_PLUGINS: PLUGINS, ...await commandEnvironment(args), ...env } }
}

/** Runs `liberacces` to its end. */
export async function liberacces(args: readonly string[], given: Given = {}): Promise<Ended> {
  const { argv, env } = await processOf(args, given)
  const child = spawn(process.execPath, argv, { cwd: ROOT, env })
  child.stdin.end(given.input ?? '')
  return ended(child)
}

/** Runs it, and answers what it printed as JSON. */
export async function liberaccesJson(args: readonly string[], given: Given = {}): Promise<unknown> {
  const { exit, out, err } = await liberacces([...args, '--json'], given)
  if (exit !== 0) throw new Error(`liberacces ${args.join(' ')} ended with ${exit}: ${err}`)
  return JSON.parse(out)
}

/** A server that runs. */
export interface Running {
  readonly child: ChildProcess
  readonly port: number
  readonly said: Readonly<Record<string, unknown>>
  readonly ended: Promise<Ended>
  /** Asks a tenant over HTTP. */
  get(tenant: string, path: string): Promise<Response>
  stop(): Promise<Ended>
}

/** Starts `serve` or `demo` and waits until it serves. It is killed when the test ends. */
export async function start(args: readonly string[], given: Given = {}): Promise<Running> {
  const { argv, env } = await processOf([...args, '--json'], given)
  const child = spawn(process.execPath, argv, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => { child.kill('SIGKILL') })
  const end = ended(child)
  const said = await Promise.race([spoken(child), end.then(({ exit, err }) => { throw new Error(`liberacces ${args.join(' ')} ended with ${exit}: ${err}`) })])
  const port = Number(said['port'])
  return {
    child, port, said,
    ended: end,
    // Names under .localhost are not resolved everywhere; the header is what the platform goes by.
    get: (tenant, path) => requestTo(port, tenant, path),
    stop: () => {
      child.kill('SIGTERM')
      return end
    },
  }
}

async function requestTo(port: number, tenant: string, path: string): Promise<Response> {
  const { request } = await import('node:http')
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  request({ port, host: '127.0.0.1', path, headers: { host: `${tenant}.localhost:${port}`, connection: 'close' } }, (answer) => {
    const parts: Buffer[] = []
    answer.on('data', (part: Buffer) => parts.push(part)).on('end', () => { resolve(new Response(Buffer.concat(parts), { status: answer.statusCode ?? 500 })) }).on('error', reject)
  }).on('error', reject).end()
  return promise
}

/** The JSON document that a server prints when it serves. */
async function spoken(child: ChildProcess): Promise<Readonly<Record<string, unknown>>> {
  const { promise, resolve } = Promise.withResolvers<Readonly<Record<string, unknown>>>()
  let text = ''
  child.stdout?.on('data', (part: Buffer) => {
    text += part.toString()
    if (text.endsWith('}\n')) resolve(JSON.parse(text) as Readonly<Record<string, unknown>>)
  })
  return promise
}

async function ended(child: ChildProcess): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>()
  let out = ''
  let err = ''
  child.stdout?.on('data', (part: Buffer) => { out += part.toString() })
  child.stderr?.on('data', (part: Buffer) => { err += part.toString() })
  child.on('error', reject).on('close', (exit) => { resolve({ exit, out, err }) })
  return promise
}
