import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readFile, symlink, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Measure } from '../measure.ts'
import { ROOT, type Workshop } from '../workshop.ts'

const TEMPLATE = join(ROOT, 'templates', 'basic')
const PAGE = { host: 'aytre.localhost', path: '/apps/objets-trouves/' } as const
/** Longest wait for a page, in milliseconds: the first start makes tenants and demonstration data. */
const LONGEST_MS = 120_000

/** What an author waits for at each save, from the file on disk to the page that has it. */
export const dev: Measure = {
  name: 'dev',
  about: 'liberacces-certify dev: a change of a source, from the file on disk to the page that a running kernel serves, inline and in a process',
  async run(workshop) {
    return [
      { what: 'a change of a text is served, inline', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 1_000 }, ours: await reloads(workshop, 'inline') },
      { what: 'a change of a text is served, --process', unit: 'ms', better: 'lower', ours: await reloads(workshop, 'process') },
    ]
  },
}

/** Milliseconds of each reload. */
async function reloads(workshop: Workshop, how: 'inline' | 'process'): Promise<readonly number[]> {
  const folder = workshop.folder(`dev-${how}`)
  await cp(TEMPLATE, folder, { recursive: true, filter: (path) => !/[/\\](?:node_modules|dist|\.liberacces)(?:$|[/\\])/.test(path) })
  await symlink(join(TEMPLATE, 'node_modules'), join(folder, 'node_modules'))
  workshop.note(`starting dev on a copy of templates/basic, ${how}`)
  const { port, stop } = await startDev(folder, how === 'process' ? ['--process'] : [])
  try {
    const file = join(folder, 'messages', 'fr.json')
    const text = await readFile(file, 'utf8')
    const took: number[] = []
    // The first change loads what later ones have loaded.
    for (let round = 0; round <= workshop.rounds; round += 1) {
      const heading = `Objets retrouvés ${round}`
      const from = performance.now()
      await writeFile(file, text.replace('"page.public": "Objets trouvés"', `"page.public": "${heading}"`))
      await served(port, heading, from)
      if (round > 0) took.push(performance.now() - from)
    }
    return took
  } finally {
    await stop()
  }
}

async function startDev(folder: string, options: readonly string[]): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'certification/src/cli/main.ts'), 'dev', folder, '--port', '0', ...options], { cwd: ROOT, env: { ...process.env, LIBERACCES_LOG: 'error' }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  let said = ''
  const port = Promise.withResolvers<number>()
  const note = (part: Buffer): void => {
    said += part.toString()
    const found = /http:\/\/la-rochelle\.localhost:(\d+)\/apps\//.exec(said)?.[1]
    if (found !== undefined) port.resolve(Number(found))
  }
  child.stdout.on('data', note)
  child.stderr.on('data', note)
  child.once('exit', (code) => { port.reject(new Error(`dev ended with ${code}:\n${said}`)) })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
  }
  return { port: await port.promise, stop }
}

/** Resolves once the page shows a text. */
async function served(port: number, text: string, from: number): Promise<void> {
  while (!(await page(port)).includes(text)) {
    if (performance.now() - from > LONGEST_MS) throw new Error(`The page does not show "${text}" after ${LONGEST_MS / 1_000} s.`)
    await wait(10)
  }
}

function page(port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  get({ host: '127.0.0.1', port, path: PAGE.path, headers: { host: `${PAGE.host}:${port}`, accept: 'text/html' } }, (response) => {
    let body = ''
    response.setEncoding('utf8').on('data', (part: string) => { body += part }).once('end', () => { resolve(body) })
  }).once('error', reject)
  return promise
}
