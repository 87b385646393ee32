import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Runs `liberacces` on a data folder, with the database in it. @param folder - where paths start */
export async function liberacces(folder: string, data: string, ...args: readonly string[]): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  const { DATABASE_URL: _url, LIBERACCES_DATABASE_URL: _other, ...inherited } = process.env
  const main = fileURLToPath(new URL('../../../core/src/cli/main.ts', import.meta.url))
  const argv = ['--import', import.meta.resolve('tsx'), main, ...args, '--data', data]
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, argv, { cwd: folder, env: { ...inherited, PORT: '0' } })
    return { exit: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { readonly code: number; readonly stdout: string; readonly stderr: string }
    return { exit: code, out: stdout, err: stderr }
  }
}
