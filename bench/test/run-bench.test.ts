import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MEASURES } from '../src/all-measures.ts'
import type { Measure } from '../src/measure.ts'
import { runBench } from '../src/run-bench.ts'

const fast: Measure = {
  name: 'fast', about: 'faster than it must be',
  run: async () => [{ what: 'reads', unit: 'requests/s', better: 'higher', goal: { of: 'ratio', limit: 0.5 }, ours: [80, 60, 90], bare: [100, 100, 100] }],
}
const slow: Measure = { name: 'slow', about: 'slower than it may be', run: async () => [{ what: 'start', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 100 }, ours: [120] }] }
const broken: Measure = { name: 'broken', about: 'cannot be measured', run: async () => { throw new Error('no such file') } }

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'bench-test-')) })
afterEach(() => { rmSync(folder, { recursive: true }) })

async function bench(argv: readonly string[], measures: readonly Measure[] = [fast, slow, broken]) {
  const said = { out: '', err: '' }
  const exit = await runBench(argv, measures, { out: (text) => { said.out += `${text}\n` }, err: (text) => { said.err += `${text}\n` } })
  return { exit, ...said }
}

describe('the command line', () => {
  test('an unknown name is wrong usage, and the answer lists every measure', async () => {
    const { exit, out, err } = await bench(['fast', 'read-everything'])
    expect(exit).toBe(2)
    expect(out).toBe('')
    expect(err).toContain('"read-everything"')
    for (const { name, about } of [fast, slow, broken]) expect(err).toMatch(new RegExp(`${name} +${about}`))
  })

  test('an unknown option is wrong usage', async () => {
    expect((await bench(['--fast'])).exit).toBe(2)
  })

  test('the machine, the versions and the command stand above the table', async () => {
    const { exit, out } = await bench(['fast', '--quick'])
    expect(exit).toBe(0)
    expect(out).toMatch(/^\d+ cores, .+\nNode \d+\.\d+\.\d+, fastify \d+\.\d+\.\d+, kysely \d+\.\d+\.\d+, better-sqlite3 \d+\.\d+\.\d+, .+\n\$ pnpm bench fast --quick\n/)
    expect(out).toContain('reads')
  })

  test('only the named measures run; all run without a name, and a missed goal is exit code 1', async () => {
    expect((await bench(['fast'])).out).not.toContain('start')
    const { exit, out } = await bench([], [fast, slow])
    expect(exit).toBe(1)
    expect(out).toMatch(/start .*MISSED/)
  })

  test('a measure that fails is told by name and costs the others nothing', async () => {
    const { exit, out, err } = await bench([], [broken, fast])
    expect(exit).toBe(1)
    expect(out).toContain('reads')
    expect(err).toContain('broken could not be measured: Error: no such file')
  })
})

test('the JSON file is a list of rows, one a figure', async () => {
  const file = join(folder, 'rows.json')
  await bench(['fast', 'slow', '--json', file])
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([
    { name: 'fast', what: 'reads', ours: 80, bare: 100, unit: 'requests/s', ratio: 0.8, goal: '≥ 0.5 ×', better: 'higher', ok: true, rounds: 3, command: 'pnpm bench fast' },
    { name: 'slow', what: 'start', ours: 120, bare: null, unit: 'ms', ratio: null, goal: '≤ 100 ms', better: 'lower', ok: false, rounds: 1, command: 'pnpm bench slow' },
  ])
})

test('the measures have the names that other people call', () => {
  expect(MEASURES.map(({ name }) => name)).toEqual(['read-inline', 'read-process', 'read-postgres', 'write-event', 'deliver', 'bureau-20', 'enable', 'start', 'idle-memory', 'install', 'france', 'move-tenant', 'upgrade-wave', 'rehearse', 'nodes', 'certify', 'dev', 'canteen-grid', 'canteen-booking', 'canteen-list', 'canteen-campaign'])
})

describe('a run that does not come to its end', () => {
  const program = `
    import { runBench } from ${JSON.stringify(new URL('../src/run-bench.ts', import.meta.url).href)}
    const wait = (ms) => new Promise((resolve) => { if (ms !== undefined) setTimeout(resolve, ms) })
    const measured = { name: 'measured', about: 'Measured.', run: async () => [{ what: 'this one', unit: 'ms', better: 'lower', ours: [1] }] }
    const stuck = { name: 'stuck', about: 'Stuck.', run: async (workshop) => { workshop.note('waiting for nobody'); console.log('waiting'); await wait(process.env.WAIT && Number(process.env.WAIT)) } }
    process.exitCode = await runBench([], [measured, stuck], { out: () => {}, err: (text) => { console.error(text) } })
  `
  const start = (env: Readonly<Record<string, string>>): { readonly child: ChildProcess; readonly ended: Promise<{ readonly code: number | null; readonly said: string }> } => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text })
    return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, said })) }
  }

  test('because nothing is left to wait for, says so, what it did last, and what it has measured', async () => {
    const { code, said } = await start({}).ended
    expect([code, said]).toEqual([1, expect.stringMatching(/exit code 13.*Last: waiting for nobody\.[^]*this one/)])
  })

  test('because of a signal, says which', async () => {
    const { child, ended } = start({ WAIT: '60000' })
    await once(child.stdout ?? child, 'data')
    child.kill('SIGTERM')
    const { code, said } = await ended
    expect([code, said]).toEqual([1, expect.stringMatching(/cut short by SIGTERM.*Last: waiting for nobody\.[^]*this one/)])
  })
})
