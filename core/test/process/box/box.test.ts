import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { sandboxArguments } from '../../../src/process/box/bubblewrap.ts'
import { findStandingWalls, lookAround } from '../../../src/process/box/standing-walls.ts'
import { certifyBox, layOut } from './certify-box.ts'

const { bubblewrap, walls } = await findStandingWalls('best')

const skipped = bubblewrap === undefined ? walls.find(({ id }) => id === 'sandbox')?.what : undefined

certifyBox('node', undefined)
certifyBox('best', skipped)

/** What a sandbox keeps from a program, whatever that is. */
const KEPT_OFF = [
  'read /etc/passwd', 'read a file of the platform', 'read it by promise', 'read it by dots', 'list its folder', 'look whether it is there', 'open it', 'import it', 'require it', 'read its environment in /proc',
  'read the environment of its parent', 'read its root through /proc', 'node:sqlite', 'write into its own folder', 'write to /tmp', 'append to its own file', 'remove its own file', 'make a link', 'make a folder', 'make a temporary folder',
  'heap snapshot', 'tcp', 'unix socket', 'abstract socket', 'http', 'fetch', 'ask a name server', 'spawn', 'exec, and wait', 'signal the platform', 'debug the platform', 'environment',
]

test.skipIf(skipped !== undefined)(`[R86] the sandbox holds where nothing within does: without any flag of Node a plugin reads, writes, reaches and signals as little${skipped === undefined ? '' : ` (skipped: ${skipped})`}`, async () => {
  const ground = await layOut()
  try {
    const { path = '', flags = [] } = bubblewrap ?? {}
    const child = spawn(path, [...sandboxArguments({ flags, readable: [ground.release] }), process.execPath, ground.program('attempts.js')], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], env: { SECRET: 'x' } })
    const channel = child.stdio[3] as Duplex
    channel.write(`${JSON.stringify({ ...ground.place, only: KEPT_OFF })}\n`)
    const results = JSON.parse(await text(channel)) as Readonly<Record<string, string>>
    expect(Object.entries(results).filter(([, answer]) => answer.startsWith('done'))).toEqual([])
    expect(Object.keys(results)).toEqual(KEPT_OFF)
    expect(ground.reached).toEqual([])
  } finally {
    ground.close()
  }
})

test('[R85] without a sandbox a platform that requires one opens no box, and says what to do', async () => {
  const bare = { PATH: '' }
  await expect(lookAround('require', bare)).rejects.toMatchObject({ code: 'BOX_UNAVAILABLE', fix: expect.stringContaining('apt-get install bubblewrap') as string })
  expect((await lookAround('best', bare)).walls.filter(({ stands }) => !stands)).toMatchObject([{ id: 'sandbox', what: 'bubblewrap (bwrap) is not installed' }])
  expect((await lookAround('node')).walls.filter(({ stands }) => !stands)).toMatchObject([{ id: 'sandbox', fix: 'Set LIBERACCES_WALLS=best.' }])
})

test('[R289] where the platform may open no more files, a start says so and costs no other child', async () => {
  const ground = await layOut()
  try {
    const platform = spawn('/bin/sh', ['-c', 'ulimit -n 600; exec "$@"', 'sh', process.execPath, '--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'starved-platform.ts'), ground.program('misdeeds.js'), ground.release], { stdio: ['ignore', 'pipe', 'inherit'] })
    expect(JSON.parse(await text(platform.stdout))).toEqual({ starved: expect.stringMatching(/^BOX_UNAVAILABLE: .*too many (open )?files/) as string, launched: true, isOther: 'alive' })
  } finally {
    ground.close()
  }
})
