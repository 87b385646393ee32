import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { digestOf } from '@liberacces/core'
import { expect, onTestFinished, test } from 'vitest'
import { corpusPlugins } from '../../corpus/base/corpus-plugin.ts'
import { runCertify } from '../../src/cli/run-certify.ts'
import { baselineOf } from '../../src/harness/baseline.ts'
import { certifyAside } from '../../src/harness/certify-aside.ts'
import { certifyHere } from '../../src/harness/certify-here.ts'
import { CATEGORIES } from '../../src/harness/check.ts'
import type { CertifyOrder } from '../../src/harness/certify-order.ts'
import { NoSubject } from '../../src/harness/no-subject.ts'
import { harnessDigest } from '../../src/harness/harness-digest.ts'
import type { Report } from '../../src/harness/report.ts'

const corpus = await corpusPlugins()
const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** A temporary folder with a good plugin in it, called `notes`; what the harness leaves shows in `temp`. */
async function place(): Promise<{ readonly folder: string; readonly temp: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-cli-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const made = await corpus.find(({ name }) => name === 'good-base')?.make()
  if (made === undefined) throw new Error('The corpus has no good-base.')
  await cp(made.path, join(folder, 'notes'), { recursive: true })
  await made[Symbol.asyncDispose]()
  await mkdir(join(folder, 'temp'))
  return { folder, temp: join(folder, 'temp') }
}

async function certify(folder: string, ...args: readonly string[]): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', '']
  const exit = await runCertify(args, folder, { out: (text) => { out += text }, err: (text) => { err += text } })
  return { exit, out, err }
}

/** The same without a process of its own, which costs seconds. */
function judge(folder: string, order: Partial<CertifyOrder>): Promise<Report> {
  return certifyHere({ path: 'notes', cwd: folder, grade: 'bronze', seed: 1, given: {}, today: '2026-01-01', ...order }, () => undefined, new AbortController().signal)
}

test('[C130] a run says its progress, reports in every format that is asked for, and its exit code is the verdict', async () => {
  const { folder } = await place()
  const { exit, out, err } = await certify(folder, 'notes', '--only', 'man-01,I18N-01', '--format', 'json,sarif', '--format', 'junit,html', '--out', 'reports', '--seed', '5')
  expect(exit).toBe(0)
  expect(await readdir(join(folder, 'reports'))).toEqual(['certification.html', 'certification.json', 'certification.junit.xml', 'certification.sarif'])
  const report = JSON.parse(await readFile(join(folder, 'reports/certification.json'), 'utf8')) as Report
  expect(report).toMatchObject({ plugin: { id: 'fr.zz-vendor.notes', version: '1.0.0' }, verdict: 'pass', seed: 5, only: ['MAN-01', 'I18N-01'] })
  expect(err).toContain('gate package: 1 checks')
  expect(err).toContain('✓ MAN-01')
  expect(out).toContain('PASS for bronze (only some checks ran)')
})

test('[C131] a wrong use ends with 2 and one line that says which and what to do', async () => {
  const { folder } = await place()
  await mkdir(join(folder, 'empty'))
  await mkdir(join(folder, 'other'))
  await writeFile(join(folder, 'other/package.json'), '{ "name": "other" }')
  await writeFile(join(folder, 'broken.tgz'), 'this is no archive')
  await writeFile(join(folder, 'cut.tgz'), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]))
  await writeFile(join(folder, 'bronze.json'), '[{ "check": "MAN-01", "reason": "x", "expires": "2099-01-01", "signer": "x" }]')
  const refused: readonly (readonly [Partial<CertifyOrder>, string])[] = [
    [{ path: 'empty' }, 'is no plugin: it has no package.json'], [{ path: 'other' }, 'is a package and no plugin'], [{ path: 'broken.tgz' }, 'is no archive of a plugin: It is no gzip file'],
    [{ path: 'cut.tgz' }, 'is no archive of a plugin: It cannot be unpacked'], [{ waivers: 'bronze.json' }, 'safety cannot be waived'], [{ baseline: 'none.json' }, 'The baseline'], [{ only: ['MAN-99'] }, 'There is no check MAN-99'],
  ]
  for (const [order, message] of refused) {
    const error: unknown = await judge(folder, order).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(NoSubject)
    expect([(error as NoSubject).message, (error as NoSubject).fix]).toEqual([expect.stringContaining(message), expect.stringMatching(/\w/)])
  }
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [['nowhere', '--quiet'], 'There is nothing at'], [['notes', '--only', 'MAN-99'], 'There is no check MAN-99. See `liberacces-certify list`'], [['notes', '--format', 'pdf'], 'There is no format "pdf". There are pretty,'],
    [['notes', '--format', 'json,html'], 'Say with --out DIR'], [['explain', 'MAN-99'], 'There is no check MAN-99'], [['notes', '--grade', 'platinum'], 'platinum'], [['notes', '--seed', 'x'], 'whole number'],
  ]
  for (const [args, message] of wrong) {
    const { exit, err } = await certify(folder, ...args)
    expect([exit, err], args.join(' ')).toEqual([2, expect.stringContaining(message)])
  }
})

test('[C136] where the report or baseline cannot be written, one line says so and the exit code is 2', async () => {
  const { folder } = await place()
  await writeFile(join(folder, 'a-file'), '')
  for (const args of [['--out', 'a-file/reports'], ['--write-baseline', 'nowhere/known.json']]) {
    const { exit, err } = await certify(folder, 'notes', '--only', 'DOC-01', '--quiet', ...args)
    expect([exit, err.trimEnd().split('\n')]).toEqual([2, [expect.stringMatching(/^liberacces-certify: The report cannot be written: /)]])
  }
})

test('[C137] the code of a folder runs without a way to the report, without what the environment holds, and one that ends its process cannot be packed', async () => {
  const { folder } = await place()
  const plugin = join(folder, 'notes/src/plugin.tsx')
  process.env['SECRET_OF_THE_CERTIFIER'] = 'x'
  try {
    await writeFile(plugin, "import { basePlugin } from '#base'\nif (process.send !== undefined || process.env.SECRET_OF_THE_CERTIFIER !== undefined) throw new Error('It sees too much.')\nexport default basePlugin()\n")
    expect((await judge(folder, { only: ['MAN-01'] })).checks[0]).toMatchObject({ status: 'pass' })
  } finally {
    delete process.env['SECRET_OF_THE_CERTIFIER']
  }
  await writeFile(plugin, "import { basePlugin } from '#base'\nprocess.exit(0)\nexport default basePlugin()\n")
  expect((await judge(folder, { only: ['MAN-01'] })).checks[0]).toMatchObject({ status: 'fail', message: expect.stringContaining('The plugin ended the process that packed it') as string })
})

test('[C132] a plugin that hangs is stopped and named, and neither its process nor a file of it is left', async () => {
  const { folder, temp } = await place()
  await writeFile(join(folder, 'notes/src/plugin.tsx'), "import { basePlugin } from '#base'\nexport default basePlugin({ also: () => { for (;;); } })\n")
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = temp
  try {
    await expect(certifyAside({ path: 'notes', cwd: folder, grade: 'bronze', seed: 1, given: {}, today: '2026-01-01' }, { silenceMs: 4_000 })).rejects.toThrow('The plugin kept the harness from its work while it was packed')
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
  expect((await readdir(temp)).filter((name) => !name.startsWith('tsx-'))).toEqual([])
})

test.for(['SIGINT', 'SIGKILL'] as const)('[C133] nothing is left after %s', { timeout: 120_000 }, async (signal) => {
  const { folder, temp } = await place()
  // Long enough to be stopped in the middle of it.
  await writeFile(join(folder, 'notes/src/plugin.tsx'), "import { basePlugin } from '#base'\nconst until = Date.now() + 3_000\nwhile (Date.now() < until);\nexport default basePlugin()\n")
  const child = spawn(process.execPath, ['--import', TSX, MAIN, 'notes'], { cwd: folder, env: { ...process.env, TMPDIR: temp }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (part: Buffer) => { said += part.toString() })
  await expect.poll(() => said, { timeout: 50_000 }).toContain('packing')
  expect((await readdir(temp)).some((name) => name.startsWith('liberacces-certify-'))).toBe(true)
  const ended = new Promise<number | null>((resolve) => { child.once('exit', (code) => { resolve(code) }) })
  child.kill(signal)
  expect(await ended).toBe(signal === 'SIGINT' ? 2 : null)
  expect(said.includes('The run was stopped; nothing of it is left.')).toBe(signal === 'SIGINT')
  // What the loader of the source keeps is none of ours.
  await expect.poll(async () => (await readdir(temp)).filter((name) => !name.startsWith('tsx-')), { timeout: 50_000 }).toEqual([])
})

test('[C134] a baseline spares what it knows and nothing new; a waiver spares what is above bronze until its day; the report says both', async () => {
  const { folder } = await place()
  await rm(join(folder, 'notes/README.md'))
  const first = await judge(folder, { only: ['DOC-01'] })
  expect(first.verdict).toBe('fail')
  await writeFile(join(folder, 'known.json'), JSON.stringify(baselineOf(first.checks)))
  expect(await judge(folder, { only: ['DOC-01'], baseline: 'known.json' })).toMatchObject({ verdict: 'pass', baseline: { spared: 1 }, checks: [{ status: 'fail', spared: 'it is in the baseline' }] })
  await rm(join(folder, 'notes/CHANGELOG.md'))
  expect((await judge(folder, { only: ['DOC-01'], baseline: 'known.json' })).verdict).toBe('fail')

  const described = JSON.parse(await readFile(join(folder, 'notes/package.json'), 'utf8')) as object
  await writeFile(join(folder, 'notes/package.json'), JSON.stringify({ ...described, liberacces: {} }))
  await writeFile(join(folder, 'waivers.json'), JSON.stringify([{ check: 'OPS-03', reason: 'Until the contract is signed.', expires: '2026-06-30', signer: 'GIE' }]))
  const order = { only: ['OPS-03'], grade: 'silver', waivers: 'waivers.json' } as const
  expect(await judge(folder, { ...order, today: '2026-06-30T22:00:00Z' })).toMatchObject({ verdict: 'pass', waivers: [{ check: 'OPS-03', reason: 'Until the contract is signed.' }] })
  expect((await judge(folder, { ...order, today: '2026-07-01T00:00:00Z' })).verdict).toBe('fail')
})

test('[C482] without an argument it says how it is used and ends with 2; the list stands in the order of the catalogue', async () => {
  const { exit, out, err } = await certify('/')
  expect([exit, out, err]).toEqual([2, '', expect.stringMatching(/^Usage: liberacces-certify/)])
  const ids = (await certify('/', 'list')).out.trimEnd().split('\n').map((line) => line.split(' ')[0] ?? '')
  const categories = ids.map((id) => id.split('-')[0] ?? '')
  expect(categories.filter((category, index) => category !== categories[index - 1])).toEqual(CATEGORIES.filter((category) => categories.includes(category)))
  for (const category of CATEGORIES) expect(ids.filter((id) => id.startsWith(`${category}-`))).toEqual(ids.filter((id) => id.startsWith(`${category}-`)).toSorted())
})

test('[C483] a report holds the digests of the harness and of what was given beside the plugin', async () => {
  const { folder } = await place()
  await writeFile(join(folder, 'osv.json'), '[]')
  const given = { advisories: 'osv.json' }
  const report = await judge(folder, { only: ['MAN-02'], given })
  expect(report.harness).toEqual(await harnessDigest())
  expect(report.inputs).toEqual([{ name: 'advisories', digest: digestOf(Buffer.from('[]')) }])
  await writeFile(join(folder, 'osv.json'), '[ ]')
  expect((await judge(folder, { only: ['MAN-02'], given })).inputs).not.toEqual(report.inputs)
  expect((await judge(folder, { only: ['MAN-02'], given: {} })).inputs).toEqual([])
  await expect(judge(folder, { only: ['MAN-02'], given: { previous: 'nowhere.tgz' } })).rejects.toThrow('What was given with --previous cannot be read')
})

test('[C135] list and explain say of every check what it is, why it is there and how to mend what it finds', async () => {
  const listed = JSON.parse((await certify('/', 'list', '--json')).out) as { readonly checks: readonly { readonly id: string; readonly level: string; readonly category: string; readonly rationale: object; readonly howToFix: string }[] }
  for (const check of listed.checks) expect(check).toMatchObject({ id: expect.stringMatching(/^[A-Z0-9]+-\d\d$/), category: check.id.split('-')[0], rationale: { fr: expect.any(String), en: expect.any(String) }, howToFix: expect.any(String) })
  expect((await certify('/', 'list')).out.trimEnd().split('\n')).toHaveLength(listed.checks.length)
  const { exit, out } = await certify('/', 'explain', 'sec-03')
  expect([exit, out]).toEqual([0, expect.stringMatching(/^SEC-03 No secret in the code[\s\S]*Why:[\s\S]*How to fix:[\s\S]*Wrong:[\s\S]*Right:/)])
})
