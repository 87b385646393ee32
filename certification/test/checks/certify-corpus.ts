import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { corpusPlugins, type MadePlugin } from '../../corpus/base/corpus-plugin.ts'
import { CHECKS } from '../../src/checks/index.ts'
import type { AnyCheck, Gate } from '../../src/harness/check.ts'
import { GATE_OPENERS } from '../../src/harness/gates.ts'
import { openSubject } from '../../src/harness/open-subject.ts'
import type { CheckRow, RanReport } from '../../src/harness/report.ts'
import { runChecks } from '../../src/harness/run-checks.ts'
import type { GivenFiles } from '../../src/harness/subject.ts'
import { packPlugin } from '../../src/pack/pack-plugin.ts'
import { goldenText } from './golden-text.ts'

const WORKSPACE = join(import.meta.dirname, '../../..')
const corpus = await corpusPlugins()

const pack = async (folder: string): Promise<Buffer> => (await packPlugin(folder)).archive
/**
 * Package and code are looked at by all their checks, whatever the defect. In a platform and a browser, where a plugin costs ten seconds and more, a bad one meets its own check alone,
 * and all of them with TEST_EVERYTHING=1, as the night's run does; good ones always meet all.
 */
const checksFor = (trips: string): readonly AnyCheck[] => (process.env['TEST_EVERYTHING'] ? CHECKS : CHECKS.filter(({ id, gate }) => id === trips || gate === 'package' || gate === 'static'))
const judge = async (path: string, given: GivenFiles = {}, checks: readonly AnyCheck[] = CHECKS): Promise<RanReport> => runChecks(await openSubject(path, { cwd: WORKSPACE, pack, given }), {
  checks, openers: GATE_OPENERS, grade: 'gold', seed: 1, catalogue: { version: '0', digest: 'none' }, platform: '0', clock: () => 0,
})
/** Whatever is not as it should be, whether it would block or not. */
const wrongIn = (report: RanReport): readonly string[] => [
  ...report.troubles.map(({ message }) => message),
  ...report.checks.filter(({ status }) => status === 'fail' || status === 'error').map(({ id, status, message, file, line }) => `${id} ${status}: ${message} ${file ?? ''}:${line ?? ''}`),
]

/** Runs the bad plugins whose checks are of some gates. */
export function certifyBad(...gates: readonly Gate[]): void {
  const bad = corpus.filter(({ trips }) => gates.some((gate) => CHECKS.find(({ id }) => id === trips)?.gate === gate))
  const counted = { tried: 0, killed: 0, alone: 0 }
  afterAll(() => { console.log(`Corpus of the certification, gate ${gates.join(' and ')}: ${counted.killed} of ${counted.tried} bad plugins caught, ${counted.alone} of them by their own check alone.`) })

  test.for(bad)('[C110] $name trips $trips and nothing else: $what', { timeout: 150_000 }, async ({ name, trips, make }) => {
    await using made = await make()
    const report = await judge(made.path, made, checksFor(trips ?? ''))
    const row = report.checks.find(({ id }) => id === trips)
    counted.tried += 1
    counted.killed += row?.status === 'fail' ? 1 : 0
    const others = report.checks.filter(({ id, status }) => id !== trips && (status === 'fail' || status === 'error'))
    counted.alone += row?.status === 'fail' && others.length === 0 ? 1 : 0
    expect({ trips: row?.status, others: wrongIn({ ...report, checks: others }) }).toEqual({ trips: 'fail', others: [] })
    await expect(goldenText(check(trips ?? ''), row as CheckRow, made.path)).toMatchFileSnapshot(`golden/${name}.txt`)
  })

  test('[C113] as many bad plugins are caught as the README says', async () => {
    expect(await readFile(join(WORKSPACE, 'README.md'), 'utf8')).toContain(`catches ${percent(counted.killed, counted.tried)} % of the bad plugins`)
  })
}

/** Runs the good plugins of the corpus, the first-party ones and the templates. */
export async function certifyGood(): Promise<void> {
  const good = corpus.filter(({ trips }) => trips === undefined)
  const own = await ownPlugins()
  const counted = { falsePositives: 0, judged: 0 }
  let packed: string
  const alongside: string[] = []
  beforeAll(async () => {
    packed = await mkdtemp(join(tmpdir(), 'liberacces-corpus-'))
    for (const path of own.filter((one) => one.endsWith('plugins/directory'))) {
      const file = join(packed, `${alongside.length}.tgz`)
      await writeFile(file, await pack(join(WORKSPACE, path)))
      alongside.push(file)
    }
  })
  afterAll(async () => {
    await rm(packed, { recursive: true, force: true })
    console.log(`Corpus of the certification: ${counted.falsePositives} of ${counted.judged} good plugins blamed wrongly.`)
  })

  test.for([...good.map(({ name }) => name), ...own])('[C110] %s trips nothing', { timeout: 240_000 }, async (name) => {
    await using made = await good.find((one) => one.name === name)?.make() ?? asItIs(name)
    counted.judged += 1
    const wrong = wrongIn(await judge(made.path, { ...made, ...(name.endsWith('plugins/news') ? { alongside } : {}), inline: own.includes(name) }))
    counted.falsePositives += wrong.length > 0 ? 1 : 0
    expect(wrong).toEqual([])
  })

  test('[C113] as many good plugins are blamed as the README says', async () => {
    expect(await readFile(join(WORKSPACE, 'README.md'), 'utf8')).toContain(`blames ${percent(counted.falsePositives, counted.judged)} % of the good ones`)
  })
}

function percent(part: number, whole: number): number {
  return Math.round((100 * part) / Math.max(1, whole))
}

function check(id: string): AnyCheck {
  const found = CHECKS.find((one) => one.id === id)
  if (found === undefined) throw new Error(`There is no check ${id}.`)
  return found
}

function asItIs(path: string): MadePlugin {
  return { path, previous: undefined, source: undefined, advisories: undefined, [Symbol.asyncDispose]: async () => undefined }
}

/** First-party plugins and templates, which are packages that need the SDK. */
async function ownPlugins(): Promise<readonly string[]> {
  const found: string[] = []
  for (const folder of ['plugins', 'templates']) {
    for (const entry of await readdir(join(WORKSPACE, folder), { withFileTypes: true })) {
      // The creator lies among the templates and is no plugin.
      const files = entry.isDirectory() ? await readdir(join(WORKSPACE, folder, entry.name)) : []
      if (files.includes('package.json') && files.includes('messages')) found.push(`${folder}/${entry.name}`)
    }
  }
  return found
}
