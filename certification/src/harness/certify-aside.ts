import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environment, loader, programBeside } from './aside.ts'
import type { CertifyMessage, CertifyOrder } from './certify-order.ts'
import { NoSubject } from './no-subject.ts'
import { patienceAfter } from './patience.ts'
import type { Report } from './report.ts'
import type { Progress } from './run-checks.ts'

/** How long the process of a run may say nothing, in milliseconds, while a gate is opened or closed. */
const SILENCE_MS = 90_000
/** How long an orderly end may take. */
const END_MS = 10_000

/** The process of a run ended without a report: it was kept from its work, died, or was stopped. */
export class RunLost extends Error {
  override readonly name = 'RunLost'
}

/** Who is told what happens. */
export interface AsideOptions {
  readonly progress?: (progress: Progress) => void
  /** Aborted when the run shall stop. */
  readonly signal?: AbortSignal
  /** How long it may say nothing while no check runs. @defaultValue 90 000 ms */
  readonly silenceMs?: number
}

/**
 * Judges a plugin in a process of its own, which holds everything that the run makes: whatever the plugin does to it, the run ends, and no process and no
 * temporary file is left.
 * @throws NoSubject for every wrong use
 * @throws RunLost when the process hung, died or was stopped
 */
export async function certifyAside(order: CertifyOrder, { progress, signal, silenceMs = SILENCE_MS }: AsideOptions = {}): Promise<Report> {
  const temp = await mkdtemp(join(tmpdir(), 'liberacces-certify-'))
  const child = fork(programBeside(import.meta.url, 'certify-program'), [], { execArgv: [...loader()], detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { ...environment(), TMPDIR: temp, TMP: temp, TEMP: temp, LIBERACCES_CERTIFY_TEMP: temp, LIBERACCES_BROWSER_FOLDER: process.env['LIBERACCES_BROWSER_FOLDER'] ?? tmpdir() } })
  try {
    return await reportOf(child, order, { ...(progress === undefined ? {} : { progress }), ...(signal === undefined ? {} : { signal }), silenceMs })
  } finally {
    await ended(child)
    await rm(temp, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function reportOf(child: ChildProcess, order: CertifyOrder, { progress, signal, silenceMs }: AsideOptions & { readonly silenceMs: number }): Promise<Report> {
  const { promise, resolve, reject } = Promise.withResolvers<Report>()
  let doing = 'while it was packed'
  let said = ''
  let timer: NodeJS.Timeout | undefined
  let patienceMs = silenceMs
  const wait = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      // One that hangs does not hear that it shall end.
      killGroup(child)
      reject(new RunLost(`The plugin kept the harness from its work ${doing}: nothing happened for ${Math.round(ms / 1_000)} s, so that it was stopped.`))
    }, ms)
  }
  const stop = (): void => {
    if (child.connected) child.send({ kind: 'stop' })
    reject(new RunLost('The run was stopped; nothing of it is left.'))
  }
  child.stderr?.on('data', (part: Buffer) => { said = `${said}${part.toString()}`.slice(-4_000) })
  child.on('error', reject)
  child.on('exit', (code, killed) => { reject(new RunLost(`The process of the harness ended ${doing} (${killed ?? `exit ${code}`}).${said === '' ? '' : `\n${said.trimEnd()}`}`)) })
  child.on('message', (message: CertifyMessage) => {
    switch (message.kind) {
      case 'report': return resolve(message.report)
      case 'refused': return reject(new NoSubject(message.message, message.fix))
      case 'broken': return reject(new RunLost(message.message))
      case 'progress': {
        const { progress: one } = message
        if (one.kind === 'start') doing = `in the check ${one.id}`
        if (one.kind === 'gate') doing = `in gate ${one.gate}`
        patienceMs = patienceAfter(one, patienceMs, silenceMs)
        wait(patienceMs)
        progress?.(one)
        return undefined
      }
      default: return message satisfies never
    }
  })
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted) stop()
  // Until it speaks first it has nothing of the plugin in it.
  wait(SILENCE_MS)
  child.send({ kind: 'order', order })
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

/** Waits until the process and all that it started are gone. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const { promise, resolve } = Promise.withResolvers<void>()
    child.once('exit', () => { resolve() })
    const timer = setTimeout(() => { killGroup(child) }, END_MS)
    if (child.connected) child.disconnect()
    await promise
    clearTimeout(timer)
  }
  killGroup(child)
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // All of them are gone already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
