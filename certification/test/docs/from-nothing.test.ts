import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPlatform, pluginsUnder, readConfig } from '@liberacces/core'
import { demoAccountsPath, fillDemo } from '@liberacces/core/development'
import { expect, onTestFinished, test } from 'vitest'
import { TestClient } from '../../src/testing/index.ts'
import { tutorialSteps } from './tutorial-commands.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const html = { headers: { accept: 'text/html' } } as const
const START = 'npx -y pnpm@10 start\n'

/** What stands in for the reader's machine: a home of its own, and `npx -y pnpm@10` that is the pnpm of this run, so that nothing is downloaded. */
async function machine(): Promise<{ readonly home: string; readonly data: string; readonly env: Record<string, string | undefined> }> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-nothing-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [home, bin, data] = [join(folder, 'home'), join(folder, 'bin'), join(folder, 'data')]
  for (const each of [home, bin, data]) await mkdir(each)
  const pnpm = process.env['npm_execpath'] ?? ''
  const command = /pnpm[^/\\]*\.c?js$/.test(pnpm) ? `exec "${process.execPath}" "${pnpm}" "\${@:3}"` : 'PATH="$REAL_PATH" exec npx "$@"'
  // The home is the reader's for the shell alone: what pnpm keeps is where it always is.
  await writeFile(join(bin, 'npx'), `#!/usr/bin/env bash\nexport HOME="$REAL_HOME"\n${command}\n`)
  await chmod(join(bin, 'npx'), 0o755)
  const { INIT_CWD: _cwd, ...env } = process.env
  return { home, data, env: { ...env, HOME: home, REAL_HOME: process.env['HOME'], REAL_PATH: process.env['PATH'], PATH: `${bin}:${process.env['PATH'] ?? ''}`, LIBERACCES_DATA: data, LIBERACCES_LOG: 'error', LANG: 'en_GB.UTF-8', LC_ALL: '', CI: '1' } }
}

/** The demonstration as the reader has it, smaller: the first start makes 28 communes, which is not what is tried here. */
async function makeDemo(data: string): Promise<void> {
  const platform = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: data, LIBERACCES_LOG: 'silent' }, data), plugins: await pluginsUnder(join(ROOT, 'plugins')) })
  try {
    expect(await fillDemo(platform, { area: { epci: '241700434', communes: ['17300', '17028'], satellites: [] }, addressOf: (slug) => `http://${slug}.localhost` })).toBe(true)
  } finally {
    await platform.stop()
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { readonly port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** One terminal: what is typed there, block by block, in one shell that keeps its folder. */
function terminal(env: Record<string, string | undefined>): { readonly type: (commands: string) => Promise<string>; readonly close: () => void } {
  const shell = spawn('bash', ['--noprofile', '--norc'], { cwd: ROOT, env, stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  let look = (): void => undefined
  const note = (chunk: Buffer): void => {
    said += chunk.toString('utf8')
    look()
  }
  shell.stdout.on('data', note)
  shell.stderr.on('data', note)
  let count = 0
  return {
    async type(commands) {
      const [from, mark] = [said.length, `--- block ${count += 1} ended `]
      const ended = Promise.withResolvers<string>()
      look = () => {
        const found = new RegExp(`${mark}(\\d+)\\n`).exec(said.slice(from))
        if (found !== null) ended.resolve(found[1] ?? '')
      }
      shell.once('exit', () => { ended.reject(new Error(`The terminal closed:\n${said.slice(from)}`)) })
      // Each block ends at its first command that fails, as a reader would stop there.
      shell.stdin.write(`{ ${commands.trim().split('\n').join(' && ')}\n}; echo "${mark}$?"\n`)
      const status = await ended.promise
      expect({ commands, status, said: status === '0' ? '' : said.slice(from) }).toEqual({ commands, status: '0', said: '' })
      return said.slice(from)
    },
    close() { shell.stdin.end() },
  }
}

/** The second terminal, in which the demonstration goes on running. */
async function startDemo(env: Record<string, string | undefined>): Promise<ChildProcess> {
  const server = spawn('bash', ['-c', START], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  onTestFinished(async () => {
    if (server.exitCode !== null || server.pid === undefined) return
    process.kill(-server.pid, 'SIGTERM')
    await once(server, 'exit')
  })
  let said = ''
  const ready = Promise.withResolvers<void>()
  const note = (chunk: Buffer): void => {
    said += chunk.toString('utf8')
    if (said.includes('LiberAccès est prêt')) ready.resolve()
  }
  server.stdout.on('data', note)
  server.stderr.on('data', note)
  server.once('exit', () => { ready.reject(new Error(`The demonstration ended:\n${said}`)) })
  await ready.promise
  return server
}

test('[DOC4] the commands of the tutorial lead from nothing to a labelled plugin with a tile on the Bureau of one commune, word for word', async () => {
  const steps = tutorialSteps(await readFile(join(ROOT, 'docs/tutorials/from-nothing-to-a-label.md'), 'utf8'))
  expect(steps.filter(({ kind }) => kind === 'edit')).toHaveLength(4)
  const { home, data, env: machineEnv } = await machine()
  const port = await freePort()
  const env = { ...machineEnv, PORT: String(port) }
  await makeDemo(data)
  const first = terminal(env)
  onTestFinished(first.close)
  const answers: string[] = []
  for (const step of steps) {
    if (step.kind === 'edit') {
      const file = join(home, 'repair-cafe', step.path)
      const text = await readFile(file, 'utf8')
      if (text.split(step.before).length !== 2) throw new Error(`${step.path} does not hold what the tutorial says, once:\n${step.before}`)
      await writeFile(file, text.replace(step.before, step.after))
    } else if (step.text === START) await startDemo(env)
    else answers.push(await first.type(step.text))
  }
  for (const said of ['Packed fr.vendor.repair-cafe 0.1.0', 'PASS for bronze']) expect(answers.join('\n')).toContain(said)

  const accounts = JSON.parse(await readFile(demoAccountsPath(data), 'utf8')) as readonly { readonly tenant: string; readonly role: string; readonly login: string; readonly password: string }[]
  const bureau = async (tenant: string): Promise<string> => {
    const client = new TestClient(port, `${tenant}.localhost`)
    const { login = '', password = '' } = accounts.find((account) => account.tenant === tenant && account.role === 'agent') ?? {}
    expect((await client.post('/auth/login', { login, password })).status).toBeLessThan(400)
    return (await client.get('/bureau', html)).text
  }
  const guichet = (await new TestClient(port, 'aytre.localhost').get('/', html)).text
  expect(['Café réparation', 'Faire réparer un objet plutôt que le jeter'].filter((text) => !guichet.includes(text))).toEqual([])
  expect([(await bureau('aytre')).includes('Café réparation'), (await bureau('la-rochelle')).includes('Café réparation')]).toEqual([true, false])
}, 900_000)
