import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../../../templates/remote-python/', import.meta.url))

/** The example, running. */
export interface PythonApplication extends AsyncDisposable {
  readonly url: string
}

/** Starts the example in Python. Ends with the test. */
export async function startPythonApplication(secret: string): Promise<PythonApplication> {
  const data = await mkdtemp(join(tmpdir(), 'liberacces-python-'))
  const child = spawn('python3', ['-B', 'app.py', '--port', '0', '--data', data], {
    cwd: FOLDER, stdio: ['ignore', 'pipe', 'inherit'],
    // Nothing of this machine's surroundings but the way to the interpreter.
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', LIBERACCES_SECRET: secret },
  })
  const exited = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^Listening on (\S+)/.exec(line)?.[1]
    if (url === undefined) continue
    // What it says from here on must be taken, or it would wait for a reader.
    child.stdout.resume()
    return {
      url,
      async [Symbol.asyncDispose]() {
        child.kill('SIGKILL')
        await exited
        await rm(data, { recursive: true, force: true })
      },
    }
  }
  throw new Error(`The example ended before it listened: ${String(await exited)}`)
}
