import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCertify } from '../../src/cli/run-certify.ts'
import { packPlugin } from '../../src/pack/pack-plugin.ts'
import { TODAY } from './label-kit.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'replayed-')) })
afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

async function certify(...argv: readonly string[]): Promise<{ readonly exit: number; readonly out: string }> {
  let out = ''
  const exit = await runCertify(argv, folder, { out: (text) => { out += text }, err: () => undefined, clock: () => TODAY })
  return { exit, out }
}

test('[C377] a label of a real run is replayed to the same verdict from its bundle alone, and leaves nothing behind; a bundle of something else is refused', async () => {
  const { archive } = await packPlugin(join(import.meta.dirname, '../../../templates/basic'))
  await writeFile(join(folder, 'a.tgz'), archive)
  // A few checks stand for all of them, so that this takes seconds: the report says nothing of having been cut short.
  const report = await certify('check', 'a.tgz', '--grade', 'bronze', '--only', 'MAN-01,LIC-01', '--format', 'json', '--quiet')
  expect(report.exit).toBe(0)
  const { only: _only, ...whole } = JSON.parse(report.out) as Readonly<Record<string, unknown>>
  await writeFile(join(folder, 'report.json'), JSON.stringify(whole))
  const trust = ['--root', 'gie/root.json', '--status', 'gie/status.json']
  await certify('label', 'keys', '--demo', '--out', 'gie')
  expect((await certify('label', 'sign', 'a.tgz', '--report', 'report.json', '--vendor', 'V', ...trust, '--key', 'gie/officer-1.pem', '--key', 'gie/officer-2.pem')).exit).toBe(0)
  expect((await certify('label', 'bundle', 'a.tgz', ...trust)).exit).toBe(0)
  const replayed = await certify('replay', 'a.labelbundle', '--json')
  expect([replayed.exit, JSON.parse(replayed.out)]).toEqual([0, { ok: true, same: true, differences: [], conditions: [] }])
  expect((await readdir(tmpdir())).filter((name) => name.startsWith('liberacces-replay-'))).toEqual([])
  expect((await certify('replay', 'report.json')).exit).toBe(1)
  // Stopped on its way, it says so and leaves nothing either.
  let said = ''
  const stopped = await runCertify(['replay', 'a.labelbundle'], folder, { out: () => undefined, err: (text) => {
    said += text
    if (text.startsWith('gate')) process.emit('SIGHUP')
  }, clock: () => TODAY })
  expect([stopped, said]).toEqual([2, expect.stringContaining('The run was stopped')])
  expect((await readdir(tmpdir())).filter((name) => name.startsWith('liberacces-replay-'))).toEqual([])
}, 60_000)
