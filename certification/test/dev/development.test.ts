import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { develop, type DevelopmentOptions } from '../../src/dev/development.ts'
import type { Reloaded } from '../../src/dev/dev-plugin.ts'
import { TestClient } from '../../src/testing/index.ts'

const BASIC = fileURLToPath(new URL('../../../templates/basic', import.meta.url))
const APP = '/apps/objets-trouves/'
const html = { headers: { accept: 'text/html' } } as const

/** A plugin under development: its folder, and each reload as it comes. */
interface Desk extends AsyncDisposable {
  readonly folder: string
  readonly said: readonly string[]
  /** The next reload that nobody has looked at. */
  next(): Promise<Reloaded>
  /** Changes one file of the sources. */
  edit(path: string, change: (text: string) => string): Promise<void>
  page(path?: string): Promise<string>
  stop(): Promise<void>
}

async function startDesk(folder: string, more: Partial<DevelopmentOptions> = {}): Promise<Desk> {
  const said: string[] = []
  const reloads: Reloaded[] = []
  const waiting: ((how: Reloaded) => void)[] = []
  const ended = new AbortController()
  let port = 0
  const running = develop({
    folder, env: { PORT: '0', LIBERACCES_LOG: 'silent' }, signal: ended.signal, say: (text) => said.push(text), ...more,
    reloaded: (how, at) => {
      if (at !== undefined) port = at
      const first = waiting.shift()
      if (first === undefined) reloads.push(how)
      else first(how)
    },
  })
  // A failure to start is told by whoever waits first.
  running.catch(() => undefined)
  const next = async (): Promise<Reloaded> => {
    const known = reloads.shift()
    return known ?? Promise.race([new Promise<Reloaded>((resolve) => { waiting.push(resolve) }), running.then(() => { throw new Error(`It ended: ${said.join('\n')}`) })])
  }
  const stop = async (): Promise<void> => {
    ended.abort()
    await running
  }
  return {
    folder, said, next, stop,
    edit: async (path, change) => { await writeFile(join(folder, path), change(await readFile(join(folder, path), 'utf8'))) },
    async page(path = APP) {
      return (await new TestClient(port, 'aytre.localhost').get(path, html)).text
    },
    [Symbol.asyncDispose]: stop,
  }
}

async function sources(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-dev-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(BASIC, folder, { recursive: true, filter: (path) => !/node_modules|dist|\.liberacces/.test(path) })
  await symlink(join(BASIC, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

const serving = (number: number): object => ({ kind: 'serving', version: `0.1.0-dev.${number}` })

test('[C310] [C311] a change of the sources is served without a restart; an error of theirs is shown, and the version before serves on', async () => {
  const folder = await sources()
  {
    await using desk = await startDesk(folder)
    expect(await desk.next()).toMatchObject(serving(1))
    await expect.poll(() => desk.said.join('\n')).toContain('http://aytre.localhost:')

    await desk.edit('messages/fr.json', (text) => text.replace('"page.public": "Objets trouvés"', '"page.public": "Objets retrouvés"'))
    const changed = await desk.next()
    expect(changed).toMatchObject({ ...serving(2), migrations: [], notes: [] })
    const { ms } = changed as { readonly ms: number }
    console.log(`A change was served after ${ms} ms.`)
    expect(await desk.page()).toContain('<h1>Objets retrouvés</h1>')
    // The data of the demonstration is there still.
    expect(await desk.page()).toContain('Parapluie noir')

    await desk.edit('src/api.ts', (text) => `${text}\nconst broken: = 1\n`)
    expect(await desk.next()).toMatchObject({ kind: 'failed', serving: '0.1.0-dev.2', problems: [expect.stringMatching(/src\/api\.ts:\d+: /)] })
    const shown = await desk.page()
    expect(shown).toContain('Objets retrouvés')
    expect(shown).toContain('Version 0.1.0-dev.2 goes on serving.')
    expect(shown).toMatch(/src\/api\.ts:\d+: /)
    // On pages that are kept too.
    expect(await desk.page('/')).toContain('goes on serving')

    await desk.edit('src/api.ts', (text) => text.replace('\nconst broken: = 1\n', ''))
    expect(await desk.next()).toMatchObject(serving(3))
    expect([(await desk.page()).includes('goes on serving'), (await desk.page('/')).includes('goes on serving')]).toEqual([false, false])

    // A migration that is added runs; one that was changed after it ran is told.
    await desk.edit('src/migrations/0001-item.ts', (text) => text.replace('\'item_finder\'', '\'item_by_finder\''))
    expect(await desk.next()).toMatchObject({ ...serving(4), migrations: [], notes: [expect.stringContaining('0001-item has run and has changed since')] })
    await desk.edit('src/plugin.tsx', (text) => text.replace('migrations: { \'0001-item\': item }', 'migrations: { \'0001-item\': item, \'0002-note\': { up: async (db) => { await db.schema.createTable(\'note\').addColumn(\'id\', \'text\').execute() }, down: async (db) => { await db.schema.dropTable(\'note\').execute() } } }'))
    expect(await desk.next()).toMatchObject({ ...serving(5), migrations: ['0002-note'] })
    // One that fails leaves everything as it was.
    await desk.edit('src/plugin.tsx', (text) => text.replace('\'0002-note\': {', '\'0003-bad\': { up: async () => { throw new Error(\'no such luck\') }, down: async () => undefined }, \'0002-note\': {'))
    expect(await desk.next()).toMatchObject({ kind: 'failed', serving: '0.1.0-dev.5', problems: [expect.stringContaining('no such luck'), expect.any(String)] })
    expect(await desk.page()).toContain('Parapluie noir')
  }
  // The next time the data is there, and what was wrong is still wrong; nothing is served twice under one version.
  {
    await using desk = await startDesk(folder)
    expect(await desk.next()).toMatchObject({ kind: 'failed' })
    await expect.poll(() => desk.said.join('\n')).toContain('http://aytre.localhost:')
    await desk.edit('src/plugin.tsx', (text) => text.replace(/'0003-bad': \{.*?undefined \}, /, ''))
    expect(await desk.next()).toMatchObject({ kind: 'serving', migrations: [] })
    expect(await desk.page()).toContain('Parapluie noir')
  }
})

test('[C312] with `--process` the plugin runs in a process of its own from the first time on, after each change and after an error; none is left when it ends', async () => {
  const folder = await sources()
  const shown = async (desk: Desk): Promise<{ readonly pid: number; readonly word: string }> => {
    const [, word = '', pid = ''] = /<h1>(\w+) (\d+)<\/h1>/.exec(await desk.page()) ?? []
    return { pid: Number(pid), word }
  }
  const heading = (word: string) => (text: string) => text.replace(/<Page title=\{[^}]*\}/, `<Page title={'${word} ' + process.pid}`)
  const before = await childrenOf(process.pid)
  {
    await using desk = await startDesk(folder, { process: true })
    expect(await desk.next()).toMatchObject(serving(1))
    await expect.poll(() => desk.said.join('\n')).toContain('http://aytre.localhost:')
    await desk.edit('src/pages/public-list.tsx', heading('First'))
    expect(await desk.next()).toMatchObject({ ...serving(2), migrations: [], notes: [] })
    const first = await shown(desk)
    expect({ word: first.word, isOurs: first.pid === process.pid }).toEqual({ word: 'First', isOurs: false })

    await desk.edit('src/api.ts', (text) => `${text}\nconst broken: = 1\n`)
    expect(await desk.next()).toMatchObject({ kind: 'failed', serving: '0.1.0-dev.2' })
    expect(await shown(desk)).toEqual(first)

    await desk.edit('src/pages/public-list.tsx', heading('Second'))
    expect(await desk.next()).toMatchObject({ kind: 'failed' })
    await desk.edit('src/api.ts', (text) => text.replace('\nconst broken: = 1\n', ''))
    expect(await desk.next()).toMatchObject(serving(3))
    const second = await shown(desk)
    expect({ word: second.word, isOurs: second.pid === process.pid }).toEqual({ word: 'Second', isOurs: false })
    expect(await desk.page()).toContain('Parapluie noir')
    const during = await childrenOf(process.pid)
    expect({ hasOne: during === undefined || during.length > (before?.length ?? 0) }).toEqual({ hasOne: true })
  }
  expect(await childrenOf(process.pid)).toEqual(before)
}, 60_000)

/** The processes that come from one, without the one that starts others for it, where the machine can tell (Linux). */
async function childrenOf(pid: number): Promise<readonly string[] | undefined> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => undefined)
  if (tasks === undefined) return undefined
  const lists = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')))
  const children = lists.flatMap((text) => text.split(' ')).filter((text) => text.trim() !== '')
  const found = await Promise.all(children.map(async (child) => {
    const isLauncher = (await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')).includes('launcher-program.js')
    return [...(isLauncher ? [] : [child]), ...(await childrenOf(Number(child)) ?? [])]
  }))
  return found.flat().sort()
}

test('[C311] sources that were never right keep the platform from starting, and start it once they are', async () => {
  const folder = await sources()
  const good = await readFile(join(folder, 'src/plugin.tsx'), 'utf8')
  await writeFile(join(folder, 'src/plugin.tsx'), 'export default 1 +')
  await using desk = await startDesk(folder)
  expect(await desk.next()).toMatchObject({ kind: 'failed', serving: undefined })
  await desk.edit('src/plugin.tsx', () => good)
  expect(await desk.next()).toMatchObject(serving(1))
})

test('[C311] a folder that is no plugin is refused, and --fresh takes nothing away that is no data of a platform', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-dev-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const options = { folder, env: {}, signal: AbortSignal.timeout(20_000), say: () => undefined }
  await expect(develop(options)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('is no plugin') as string })
  await writeFile(join(folder, 'package.json'), '{}')
  await writeFile(join(folder, 'letter.txt'), 'kept')
  await expect(develop({ ...options, data: folder, fresh: true })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('--fresh') as string })
  expect(await readFile(join(folder, 'letter.txt'), 'utf8')).toBe('kept')
})
