import { runCommandLine } from '../../src/cli/run-command-line.ts'
import { commandEnvironment } from '../run-environment.ts'
import { PLUGINS, type Ended } from './cli-kit.ts'

/** Runs a command line in this process: quicker than one of its own, and the same but for the process. */
export async function said(args: readonly string[], { input = '', env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {}): Promise<Ended> {
  let out = ''
  let err = ''
  const exit = await runCommandLine(args, { env: { LIBERACCES_PLUGINS: PLUGINS, ...await commandEnvironment(args), ...env }, folder: import.meta.dirname }, {
    out: (text) => { out += text },
    err: (text) => { err += text },
    input: () => Promise.resolve(input),
    folder: import.meta.dirname,
  })
  return { exit, out, err }
}

/** Runs it with `--json`, and answers what it printed. */
export async function saidJson(args: readonly string[], given: Parameters<typeof said>[1] = {}): Promise<unknown> {
  const { exit, out, err } = await said([...args, '--json'], given)
  if (exit !== 0) throw new Error(`liberacces ${args.join(' ')} ended with ${exit}: ${err}`)
  return JSON.parse(out)
}
