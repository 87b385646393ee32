import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PackError } from '../pack/pack-error.ts'
import { environment, loader, programBeside } from './aside.ts'

/** What the process that packs says in the end, beside the archive. */
export type PackAnswer = { readonly kind: 'packed' } | { readonly kind: 'problems'; readonly problems: readonly string[] } | { readonly kind: 'broken'; readonly message: string }

/** Files of that process in its folder. */
export const PACK_FILES = { archive: 'plugin.tgz', answer: 'answer.json' } as const

/** How much of what it says is told on, in characters. */
const MOST_SAID = 2_000

/**
 * Packs a folder in a process that has no way to whoever makes the verdict: packing runs the code of the plugin.
 * @param signal - ends it
 * @throws PackError also when the plugin ended that process
 */
export async function packAside(folder: string, signal: AbortSignal): Promise<Buffer> {
  const place = await mkdtemp(join(tmpdir(), 'liberacces-pack-'))
  try {
    const { how, said } = await ended(folder, place, signal)
    const answer = await readFile(join(place, PACK_FILES.answer), 'utf8').then((text) => JSON.parse(text) as PackAnswer, () => undefined)
    signal.throwIfAborted()
    switch (answer?.kind) {
      case 'packed': return await readFile(join(place, PACK_FILES.archive))
      case 'problems': throw new PackError(answer.problems.map(String))
      case 'broken': throw new Error(answer.message)
      default: throw new PackError([`The plugin ended the process that packed it (${how}).${said === '' ? '' : ` ${said}`}`])
    }
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function ended(folder: string, place: string, signal: AbortSignal): Promise<{ readonly how: string; readonly said: string }> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = spawn(process.execPath, [...loader(), programBeside(import.meta.url, 'pack-program'), folder, place], { stdio: ['ignore', 'ignore', 'pipe'], env: environment() })
  let said = ''
  child.stderr.on('data', (part: Buffer) => { said = `${said}${part.toString()}`.slice(-MOST_SAID) })
  child.on('error', reject)
  child.on('exit', (code, killed) => { resolve(killed ?? `exit ${code}`) })
  const end = (): void => { child.kill('SIGKILL') }
  signal.addEventListener('abort', end, { once: true })
  try {
    return { how: await promise, said: said.trim() }
  } finally {
    signal.removeEventListener('abort', end)
  }
}
