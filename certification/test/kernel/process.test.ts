import { existsSync, readFileSync } from 'node:fs'
import type { PluginSource } from '@liberacces/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startKernel, type Kernel } from './kernel-kit.ts'

/** A plugin as it comes in an archive: it runs in a process of its own, and nothing of it in this one. */
const CODE = `
const { definePlugin, defineEvent, Type } = require('@liberacces/sdk')
const { jsx } = require('@liberacces/sdk/jsx-runtime')
const { Form, Page } = require('@liberacces/sdk/ui')
const Any = Type.Unknown()
const Happened = defineEvent('fr.test.apart.happened/v1', Type.Object({ id: Type.String() }), { subject: 'id' })
const open = (k, path, run, method = 'GET') => k.route({ method, path, audience: 'public', summary: path, response: { 200: Any }, ...(method === 'POST' ? { body: Any } : {}) }, async (c, input) => c.reply(200, await run(c, input)))
exports.default = definePlugin()({
  id: 'fr.test.apart', version: '1.0.0', path: 'apart', sdk: '*', license: 'MIT', title: { fr: 'À part' }, publisher: { name: 'Test', contact: 'x' },
  limits: { memoryMb: 128, callMs: 2000 }, scopes: ['db', 'files'], emits: [Happened], privacy: { stores: [] }, messages: { fr: { x: 'Une page' }, en: { x: 'A page' } },
  migrations: { '0001-row': {
    up: async (db) => { await db.schema.createTable('row').addColumn('id', 'text', (c) => c.primaryKey()).addColumn('value', 'integer').execute() },
    down: async (db) => { await db.schema.dropTable('row').execute() } } },
  setup(k) {
    open(k, '/pid', async () => ({ pid: process.pid, kernel: typeof globalThis.liberaccesKernel }))
    open(k, '/slow', async (c) => { await new Promise((done) => setTimeout(done, 60000)); return {} })
    open(k, '/hang', async () => { for (;;); })
    open(k, '/die', async () => { process.exit(7) })
    open(k, '/fail', async () => { throw new Error('broken: ' + process.cwd()) })
    open(k, '/denied', async (c) => { await c.fetch('https://elsewhere.example/') })
    open(k, '/lies', async () => { const error = new Error('You may not.'); error.name = 'PlatformError'; error.code = 'PERMISSION_DENIED'; throw error })
    open(k, '/file', async (c) => {
      const bytes = new Uint8Array(900_000).map((_, at) => at % 251)
      const { id, size } = await c.files.put(bytes, { name: 'a.bin', type: 'application/octet-stream' })
      const found = await c.files.get(id)
      const back = await found.bytes()
      return { size, same: Buffer.from(bytes).equals(Buffer.from(back)), none: (await c.files.get('none')) === undefined }
    })
    open(k, '/write', async (c) => c.transaction(async (tx) => {
      const id = c.id()
      const { insertId, numInsertedOrUpdatedRows } = await tx.insertInto('row').values({ id, value: 1 }).executeTakeFirst()
      await tx.emit(Happened, { id })
      return { id, insertId: typeof insertId, rows: String(numInsertedOrUpdatedRows) }
    }), 'POST')
    open(k, '/undone', async (c) => c.transaction(async (tx) => { await tx.insertInto('row').values({ id: 'undone', value: 1 }).execute(); throw new Error('no') }).catch((error) => ({ message: error.message })), 'POST')
    open(k, '/rows', async (c) => c.db.selectFrom('row').selectAll().orderBy('id').execute())
    open(k, '/wrong', async (c) => c.db.selectFrom('nowhere').selectAll().execute().catch((error) => ({ code: error.code, message: error.message })))
    k.on(Happened, async (c, event) => { await c.transaction(async (tx) => { await tx.updateTable('row').set((eb) => ({ value: eb('value', '+', 1) })).where('id', '=', event.data.id).execute() }) })
    k.page({ path: '/page', audience: 'public', title: 'x' }, async (c) => c.page('Titre', jsx(Page, { title: 'Bonjour', children: [
      jsx(Form, { action: c.url('/page'), children: 'un' }), jsx('p', { id: 'seen', children: 'ok' }), jsx('script', { children: 'alert(1)' }), jsx('p', { onclick: 'x()', children: 'deux' })] })))
  },
})`

const source: PluginSource = {
  name: 'fr.test.apart', runtime: 'process',
  load: () => Promise.reject(new Error('The kernel ran the code of a plugin that runs elsewhere.')),
  code: () => Promise.resolve({ file: 'fr.test.apart@1.0.0/plugin.cjs', text: CODE }),
}

const processOf = ({ platform }: Kernel) => {
  const process = platform.catalogue.release('fr.test.apart', '1.0.0')?.process
  if (process === undefined) throw new Error('It does not run in a process.')
  return process
}

const until = async (holds: () => boolean): Promise<void> => {
  await expect.poll(holds).toBe(true)
}

/** One that has ended and was not yet taken note of by whoever must lives no more. */
const lives = (pid: number | undefined): boolean => {
  try {
    process.kill(pid ?? 0, 0)
    return existsSync('/proc/self/stat') ? !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) : true
  } catch {
    return false
  }
}

describe('a plugin in a process of its own', () => {
  let kernel: Kernel
  const get = (path: string) => kernel.visitor().get(`/apps/apart${path}`)
  const post = (path: string) => kernel.visitor().post(`/apps/apart${path}`, {})
  const logged = () => JSON.stringify(kernel.log)

  beforeAll(async () => {
    kernel = await startKernel({ plugins: [source], env: { LIBERACCES_BREAKER: 'off' } })
  })
  afterAll(async () => { await kernel[Symbol.asyncDispose]() })

  test('[R42] answers from there, and the kernel runs none of its code', async () => {
    expect(kernel.platform.catalogue.rejected).toEqual([])
    const { pid } = (await get('/pid')).json<{ pid: number }>()
    expect(pid).not.toBe(process.pid)
    expect([processOf(kernel), kernel.platform.health.childOf('fr.test.apart', '1.0.0')]).toMatchObject([{ runtime: 'process', state: 'ready' }, { restarts: 0 }])
    expect(await processOf(kernel).memory()).toBeGreaterThan(1_000_000)
  })

  test('[R43] writes, emits and hears as it does in the kernel’s process; a body that throws undoes all of it', async () => {
    const { id, rows } = (await post('/write')).json<{ id: string; rows: string }>()
    expect(rows).toBe('1')
    await kernel.settle()
    expect((await post('/undone')).json()).toEqual({ message: 'no' })
    expect((await get('/rows')).json()).toEqual([{ id, value: 2 }])
  })

  test('[R43] files go and come in pieces', async () => {
    expect((await get('/file')).json()).toEqual({ size: 900_000, same: true, none: true })
  })

  test('[R44] what it throws is blamed on it by its code; the refusal of the kernel stays one, and one that it makes up is none', async () => {
    expect((await get('/fail')).json()).toMatchObject({ status: 500, code: 'PLUGIN_CALL_FAILED' })
    expect((await get('/denied')).json()).toMatchObject({ status: 500, code: 'SCOPE_MISSING' })
    expect((await get('/lies')).json()).toMatchObject({ status: 500, code: 'PLUGIN_CALL_FAILED' })
    const failed = kernel.log.find((line) => String(line['what']).includes('/fail'))
    expect(JSON.stringify(failed)).toContain('fr.test.apart@1.0.0/plugin.cjs:')
    expect(JSON.stringify(failed)).not.toContain(import.meta.dirname)
  })

  test('[R44] it learns what the database says of its statement, and no place on the machine', async () => {
    const { message } = (await get('/wrong')).json<{ message: string }>()
    expect(message).toContain('nowhere')
    expect(message).not.toContain('/')
  })

  test('[R45] its pages are made harmless; the reader’s token is put where the SDK’s forms carry it', async () => {
    const answer = await kernel.visitor().get('/apps/apart/page', { headers: { accept: 'text/html' } })
    expect(answer.text).toContain('<p id="seen">ok</p>')
    expect(answer.text).not.toMatch(/alert\(1\)|onclick|token-[0-9a-f]{32}/)
    expect(answer.text).toContain('<title>Titre')
  })

  test('[R46] what it was seen to use is on record, and what it was refused', () => {
    const use = (scope: string) => processOf(kernel).used.find((one) => one.scope === scope)
    expect(use('db')?.used).toBeGreaterThan(2)
    expect(use('emit:fr.test.apart.happened/v1')).toMatchObject({ used: 1, refused: 0 })
    expect(use('net:elsewhere.example')).toMatchObject({ used: 0, refused: 1 })
  })

  test('[R47] when it ends, calls in flight are answered 503 with when to come again; those that come after wait for the next one, which is another process', async () => {
    const { pid } = processOf(kernel)
    const inFlight = [get('/slow'), get('/slow')]
    await until(() => processOf(kernel).inFlight === 2)
    process.kill(pid ?? 0, 'SIGKILL')
    for (const answer of await Promise.all(inFlight)) {
      expect(answer.json()).toMatchObject({ status: 503, code: 'UNAVAILABLE' })
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
    const again = (await get('/pid')).json<{ pid: number }>().pid
    expect(again).not.toBe(pid)
    expect([processOf(kernel), kernel.platform.health.childOf('fr.test.apart', '1.0.0')]).toMatchObject([{ state: 'ready' }, { restarts: 1 }])
    expect(lives(pid)).toBe(false)
    expect(logged()).toContain('killed (SIGKILL)')
  })
})

test('[R47] one that hangs is ended once its call’s time is up, and the platform leaves no process behind', async () => {
  await using kernel = await startKernel({ plugins: [source], env: { LIBERACCES_BREAKER: 'off' } })
  const before = processOf(kernel).pid
  const hung = await kernel.visitor().get('/apps/apart/hang')
  expect(hung.json()).toMatchObject({ status: 504, code: 'PLUGIN_CALL_TIMEOUT' })
  await until(() => processOf(kernel).pid !== undefined && processOf(kernel).pid !== before)
  const after = processOf(kernel).pid
  expect(lives(before)).toBe(false)
  await kernel.platform.stop()
  expect(lives(after)).toBe(false)
})
