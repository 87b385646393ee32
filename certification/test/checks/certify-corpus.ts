import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { corpusPlugins, type MadePlugin } from '../../corpus/base/corpus-plugin.ts'
import { CHECKS } from '../../src/checks/index.ts'
import type { AnyCheck, Gate, Level } from '../../src/harness/check.ts'
import { GATE_OPENERS } from '../../src/harness/gates.ts'
import { openSubject } from '../../src/harness/open-subject.ts'
import type { CheckRow, RanReport, Status } from '../../src/harness/report.ts'
import { runChecks } from '../../src/harness/run-checks.ts'
import type { GivenFiles } from '../../src/harness/subject.ts'
import { isWithin } from '../../src/harness/verdict.ts'
import { packPlugin } from '../../src/pack/pack-plugin.ts'
import { madeFrom, templateNames } from '../docs/made-from.ts'
import { goldenText } from './golden-text.ts'

const WORKSPACE = join(import.meta.dirname, '../../..')
const corpus = await corpusPlugins()

const pack = async (folder: string): Promise<Buffer> => (await packPlugin(folder)).archive
/** Every bad plugin meets all checks of package, code and platform; in a browser, where each costs ten seconds, those whose defect is to be seen there, and all with TEST_EVERYTHING=1. */
const checksFor = (gates: readonly Gate[]): readonly AnyCheck[] => (process.env['TEST_EVERYTHING'] || gates.includes('browser') ? CHECKS : CHECKS.filter(({ gate }) => gate !== 'browser'))
const judge = async (path: string, given: GivenFiles = {}, checks: readonly AnyCheck[] = CHECKS): Promise<RanReport> => runChecks(await openSubject(path, { cwd: WORKSPACE, pack, given }), {
  checks, openers: GATE_OPENERS, grade: 'gold', seed: 1, catalogue: { version: '0', digest: 'none' }, platform: '0', clock: () => 0,
})
/** Whatever is not as it should be, whether it would block or not. */
const wrongIn = (report: RanReport, known: readonly string[] = []): readonly string[] => [
  ...report.troubles.map(({ message }) => message),
  ...report.checks.filter(({ id, status }) => (status === 'fail' && !known.includes(id)) || status === 'error').map(({ id, status, message, file, line }) => `${id} ${status}: ${message} ${file ?? ''}:${line ?? ''}`),
]

/**
 * Runs the bad plugins whose checks are of some gates.
 * @param part - which of how many parts of them, from 1: files run beside each other
 */
export function certifyBad(gates: readonly Gate[], [part, parts]: readonly [number, number] = [1, 1]): void {
  const bad = corpus.filter(({ trips }) => gates.some((gate) => CHECKS.find(({ id }) => id === trips)?.gate === gate)).filter((_, index) => index % parts === part - 1)
  const counted = { tried: 0, killed: 0, alone: 0 }
  afterAll(() => { console.log(`Corpus of the certification, gate ${gates.join(' and ')}: ${counted.killed} of ${counted.tried} bad plugins caught, ${counted.alone} of them by their own check alone.`) })

  test.for(bad)('[C110] $name trips $trips and nothing else: $what', { timeout: 150_000 }, async ({ name, trips = '', alsoTrips = {}, leavesOpen = {}, make }) => {
    await using made = await make()
    const report = await judge(made.path, made, checksFor(gates))
    const row = report.checks.find(({ id }) => id === trips)
    const others = report.checks.filter(({ id, status }) => id !== trips && (status === 'fail' || status === 'error'))
    counted.tried += 1
    counted.killed += row?.status === 'fail' ? 1 : 0
    counted.alone += row?.status === 'fail' && others.length === 0 ? 1 : 0
    const wrong = wrongIn({ ...report, checks: others.filter(({ id }) => !Object.hasOwn(alsoTrips, id)) })
    const idsOf = (status: Status): readonly string[] => report.checks.filter((one) => one.status === status).map(({ id }) => id).sort()
    expect({ wrong, fails: idsOf('fail'), open: idsOf('review') }).toEqual({ wrong: [], fails: [trips, ...Object.keys(alsoTrips)].sort(), open: Object.keys(leavesOpen).sort() })
    await expect(goldenText(check(trips), row as CheckRow, made.path)).toMatchFileSnapshot(`golden/${name}.txt`)
  })

  test('[C113] as many bad plugins are caught as the README says', async () => {
    expect(await readFile(join(WORKSPACE, 'README.md'), 'utf8')).toContain(`catches ${percent(counted.killed, counted.tried)} % of the bad plugins`)
  })
}

/** Their tours are the longest: they run beside the others, in a file of their own. */
const CHILDHOOD: readonly string[] = ['plugins/canteen', 'plugins/families']
/** What is not wrongly blamed: templates name nobody before an author does, and this platform's own plugins have no address as long as it has no domain. */
const NOBODYS_ADDRESS = ['OPS-04'] as const
/** First-party plugins that are judged beside the archive of one that they require; others find it by themselves. */
const BESIDE: Readonly<Record<string, string>> = { 'plugins/news': 'directory', 'plugins/canteen': 'families' }

/** Runs the good plugins of the corpus and the first-party ones, or those of childhood alone. */
export async function certifyGood(part: 'all-but-childhood' | 'childhood'): Promise<void> {
  const good = part === 'childhood' ? [] : corpus.filter(({ trips }) => trips === undefined)
  const own = (await firstPartyPlugins()).filter((name) => CHILDHOOD.includes(name) === (part === 'childhood'))
  let packed: string
  beforeAll(async () => {
    packed = await mkdtemp(join(tmpdir(), 'liberacces-corpus-'))
    for (const name of new Set(own.flatMap((one) => BESIDE[one] ?? []))) await writeFile(join(packed, `${name}.tgz`), await pack(join(WORKSPACE, 'plugins', name)))
  })
  afterAll(() => rm(packed, { recursive: true, force: true }))
  judgeGood([...good.map(({ name }) => name), ...own], async (name) => {
    const entry = good.find((one) => one.name === name)
    const made = await entry?.make() ?? asItIs(name)
    const beside = BESIDE[name]
    const given = { ...made, ...(beside === undefined ? {} : { alongside: [join(packed, `${beside}.tgz`)] }) }
    return { path: made.path, given, [Symbol.asyncDispose]: () => made[Symbol.asyncDispose](), leavesOpen: Object.keys(entry?.leavesOpen ?? {}), tells: entry === undefined ? NOBODYS_ADDRESS : [], grade: entry !== undefined ? (entry.leavesOpen === undefined ? 'gold' : 'bronze') : 'silver' }
  })
}

/** Runs what the creator makes of each template. */
export async function certifyMade(): Promise<void> {
  let folder: string
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'liberacces-made-')) })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  judgeGood(await templateNames(), async (template) => ({ path: await madeFrom(template, folder), given: {}, leavesOpen: [], tells: NOBODYS_ADDRESS, grade: 'silver', [Symbol.asyncDispose]: async () => undefined }))
}

/** A good plugin and the grade that it holds, where one is promised. */
interface GoodPlugin extends AsyncDisposable {
  readonly path: string
  readonly given: GivenFiles
  readonly grade: Level
  /** Checks that leave it to a person, and no others do. */
  readonly leavesOpen: readonly string[]
  /** Checks that rightly tell what its author has still to fill in; all do. */
  readonly tells: readonly string[]
}

function judgeGood(names: readonly string[], bring: (name: string) => Promise<GoodPlugin>): void {
  const counted = { falsePositives: 0, judged: 0 }
  afterAll(() => { console.log(`Corpus of the certification: ${counted.falsePositives} of ${counted.judged} good plugins blamed wrongly.`) })

  test.for(names)('[C110] [C450] %s trips nothing and holds its grade', { timeout: 1_200_000 }, async (name) => {
    await using plugin = await bring(name)
    counted.judged += 1
    const report = await judge(plugin.path, plugin.given)
    const wrong = wrongIn(report, plugin.tells)
    counted.falsePositives += wrong.length > 0 ? 1 : 0
    const { grade, leavesOpen } = plugin
    const open = report.checks.filter(({ status, level }) => status === 'review' && isWithin(level, grade)).map(({ id, evidence }) => `${id}: ${evidence.join(' ')}`)
    const toLookAt = report.checks.filter(({ id, status }) => status === 'review' && leavesOpen.includes(id)).map(({ id }) => id)
    // What a person has still to look at is no grade that a machine gives.
    const isHeld = report.reached !== 'none' && (leavesOpen.length > 0 ? report.reached === grade : isWithin(grade, report.reached))
    const told = report.checks.filter(({ id, status }) => status === 'fail' && plugin.tells.includes(id)).map(({ id }) => id)
    expect({ wrong, open, isHeld, toLookAt, told, reached: report.reached }).toEqual({ wrong: [], open: [], isHeld: true, toLookAt: leavesOpen, told: plugin.tells, reached: expect.any(String) })
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

async function firstPartyPlugins(): Promise<readonly string[]> {
  const found = await readdir(join(WORKSPACE, 'plugins'), { withFileTypes: true })
  const names = await Promise.all(found.filter((entry) => entry.isDirectory()).map(async ({ name }) => ((await readdir(join(WORKSPACE, 'plugins', name))).includes('package.json') ? [`plugins/${name}`] : [])))
  return names.flat().sort()
}
