import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { TestClient } from '../../src/testing/test-client.ts'
import { runEnvironment } from '../run-environment.ts'
import { OPERATOR, PASSWORD } from './kernel-kit.ts'
import { openKilled } from './killed-server.ts'

const KILLS = 20
const SUBJECTS = ['anne', 'bob', 'carl', 'dora'] as const
const HOST = 'commune-1.localhost'
/** Acknowledged writes after which a process dies: from at once to well under way. */
const LIVES: readonly number[] = [0, 1, 40, 3, 120, 7, 0, 25, 60, 2, 90, 15, 5, 150, 30, 0, 10, 75, 20, 200]

test('[E18] killed twenty times while it writes: every acknowledged write is there, and its event had its effect once, in order', { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-killed-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  await runEnvironment(folder)
  const token = await prepare(folder)
  const acknowledged: { readonly id: string; readonly who: string; readonly number: number }[] = []
  const numbers = new Map<string, number>()

  // Loading takes a second or two; it is done ahead, the data folder being opened only at the word.
  const spares = [spawnServer(folder), spawnServer(folder)]
  onTestFinished(() => { for (const spare of spares) spare.kill('SIGKILL') })
  for (let kill = 0; kill < KILLS; kill += 1) {
    const server = spares.shift() ?? spawnServer(folder)
    if (kill + spares.length + 1 < KILLS) spares.push(spawnServer(folder))
    server.stdin.write('go\n')
    const exit = once(server, 'exit')
    const died = exit.then(() => { throw new Error('The server ended by itself.') })
    died.catch(() => undefined)
    const [port] = (await Promise.race([once(server.stdout, 'data'), died])) as [Buffer]
    const client = new TestClient(Number(String(port)), HOST, { token })
    const life = acknowledged.length + (LIVES[kill] ?? 0)
    let alive = true
    const end = (): void => { alive = false; server.kill('SIGKILL') }
    if (acknowledged.length >= life) end()
    await Promise.all(SUBJECTS.map(async (who) => {
      while (alive) {
        const number = (numbers.get(who) ?? 0) + 1
        numbers.set(who, number)
        // Without an answer the write may be there or not; only acknowledged ones are promised.
        const answer = await client.post('/apps/notes/api/notes', { text: who, number }).catch(() => undefined)
        if (answer === undefined) return
        if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`)
        acknowledged.push({ id: answer.json<{ id: string }>().id, who, number })
        if (acknowledged.length >= life) end()
      }
    }))
    await exit
    expect(server.signalCode).toBe('SIGKILL')
  }

  const platform = await openKilled(folder)
  const client = new TestClient((await platform.listen()).port, HOST, { token })
  await platform.events.settle()
  const notes = (await client.get('/apps/notes/api/notes')).json<readonly { id: string; text: string; number: number }[]>()
  const seen = (await client.get('/apps/listener/seen')).json<readonly { who: string; number: number }[]>()
  await platform.stop()

  expect(acknowledged.length).toBeGreaterThanOrEqual(LIVES.reduce((sum, life) => sum + life, 0))
  const kept = new Map(notes.map((note) => [note.id, `${note.text} ${note.number}`]))
  expect(acknowledged.filter(({ id, who, number }) => kept.get(id) !== `${who} ${number}`)).toEqual([])
  // One effect for each write that is there, acknowledged or not, and per subject in the order of writing.
  for (const who of SUBJECTS) {
    const written = notes.filter(({ text }) => text === who).map(({ number }) => number).toSorted((a, b) => a - b)
    expect([who, seen.filter((one) => one.who === who).map(({ number }) => number)]).toEqual([who, written])
  }
})

function spawnServer(folder: string): ChildProcessByStdio<Writable, Readable, null> {
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'killed-server.ts'), folder], { stdio: ['pipe', 'pipe', 'inherit'] })
}

async function prepare(folder: string): Promise<string> {
  const platform = await openKilled(folder)
  await platform.tenants.create({ kind: 'pool', name: 'Pool d’essai' }, OPERATOR)
  const tenant = await platform.tenants.create({ kind: 'commune', name: 'Commune 1', slug: 'commune-1' }, OPERATOR)
  await platform.installations.enableTogether(tenant.id, ['fr.test.notes', 'fr.test.listener'], OPERATOR)
  const account = await platform.accounts.create(tenant.id, { login: 'robot', name: 'Robot', password: PASSWORD, roles: ['agent'] }, OPERATOR)
  const { token } = await platform.apiTokens.create(tenant.id, account.id, { label: 'test' }, OPERATOR)
  await platform.stop()
  return token
}
