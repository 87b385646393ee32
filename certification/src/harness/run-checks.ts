import type { Manifest } from '@liberacces/sdk/host'
import { inCatalogueOrder } from './catalogue-order.ts'
import { GATES, type AnyCheck, type Check, type Finding, type Gate, type Grounds, type Level, type Outcome } from './check.ts'
import type { GateOpener, GateOpeners, Opened, Standing } from './gate-opener.ts'
import type { CheckRow, RanReport, Status, Trouble } from './report.ts'
import { NoSubject } from './no-subject.ts'
import { quoted } from './quoted.ts'
import type { PackageSubject } from './subject.ts'
import { isWithin, reachedBy, verdictOf } from './verdict.ts'

/** What the engine tells while it works. */
export type Progress =
  | { readonly kind: 'gate'; readonly gate: Gate; readonly checks: number }
  | { readonly kind: 'start'; readonly id: string; readonly timeoutMs: number }
  | { readonly kind: 'end'; readonly row: CheckRow }
  | { readonly kind: 'say'; readonly what: string }

/** Why a finding that would block does not, or `undefined`. */
export type Sparing = (check: AnyCheck, finding: Finding) => string | undefined

/** How checks are run. */
export interface RunOptions {
  readonly checks: readonly AnyCheck[]
  readonly openers: GateOpeners
  readonly grade: Level
  /** For all that is drawn by lot: the same seed and the same digest give the same verdict. */
  readonly seed: number
  readonly catalogue: RanReport['catalogue']
  readonly platform: string
  readonly signal?: AbortSignal
  readonly progress?: (progress: Progress) => void
  readonly sparing?: Sparing
  /** What stands behind the command that shows a finding again: the files that were given along. @defaultValue nothing */
  readonly again?: string
  /** Milliseconds of a clock that only moves forward. @defaultValue `performance.now` */
  readonly clock?: () => number
}

/**
 * Runs checks on a plugin, gate by gate, all of them even when one failed, and reports. A check that throws or runs past its time is an `error` of the
 * harness, never `pass` or `fail`.
 */
export async function runChecks(subject: PackageSubject, options: RunOptions): Promise<RanReport> {
  const { checks, grade, seed, catalogue, platform, progress = () => undefined, signal = new AbortController().signal } = options
  const troubles: Trouble[] = []
  const rows: CheckRow[] = []
  const stands: Stands = { standing: {}, closing: [] }
  try {
    for (const gate of GATES) {
      const own = checks.filter((check) => check.gate === gate)
      if (own.length === 0) continue
      progress({ kind: 'gate', gate, checks: own.length })
      rows.push(...await runGate(gate, own, subject, { ...options, progress, signal }, troubles, stands))
    }
  } finally {
    for (const close of stands.closing.toReversed()) await close()
  }
  // In the order of the catalogue, whatever gate they ran in.
  const ordered = inCatalogueOrder(checks).flatMap(({ id }) => rows.filter((row) => row.id === id))
  return {
    plugin: pluginOf(subject),
    verdict: verdictOf(ordered, troubles), grade, reached: troubles.length > 0 ? 'none' : reachedBy(ordered), seed, catalogue, platform, troubles, waivers: [], checks: ordered,
  }
}

/** What is said of the plugin: a manifest may hold anything as long as nobody has looked at it. */
function pluginOf({ manifest, digest = 'none' }: PackageSubject): RanReport['plugin'] {
  const { id, version, title, publisher } = (manifest ?? {}) as { readonly [Key in keyof Manifest]?: unknown }
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value : undefined)
  const { fr, en } = (title ?? {}) as { readonly fr?: unknown; readonly en?: unknown }
  const [inFrench, inEnglish, name] = [text(fr), text(en), text((publisher as { readonly name?: unknown } | null | undefined)?.name)]
  return {
    id: text(id) ?? 'unknown', version: text(version) ?? 'unknown', digest,
    ...(inFrench === undefined ? {} : { title: { fr: inFrench, ...(inEnglish === undefined ? {} : { en: inEnglish }) } }), ...(name === undefined ? {} : { publisher: name }),
  }
}

type GateOptions = RunOptions & Required<Pick<RunOptions, 'progress' | 'signal'>>

/** What stands until the run is over, and how it is closed, in the order in which it was opened. */
interface Stands {
  standing: Standing
  readonly closing: (() => Promise<void>)[]
}

async function runGate<G extends Gate>(gate: G, checks: readonly AnyCheck[], subject: PackageSubject, options: GateOptions, troubles: Trouble[], stands: Stands): Promise<readonly CheckRow[]> {
  const { progress, signal, seed, openers } = options
  const opener = openers[gate] as GateOpener<G> | undefined
  const open = async (): Promise<Opened<Grounds[G]>> => {
    if (opener === undefined) return { missing: `Gate ${gate} is not part of this harness yet.`, fix: 'Nothing to do.', blame: 'plugin' }
    return opener(subject, { seed, signal, say: (what) => { progress({ kind: 'say', what }) }, standing: stands.standing })
  }
  const ground = (): Promise<Opened<Grounds[G]>> => open().catch((error: unknown) => {
    // A file given along that is none of what was meant.
    if (error instanceof NoSubject) throw error
    const trouble = { message: `Gate ${gate} could not be opened: ${told(error)}`, fix: 'This is a fault of the harness or of this machine, not of the plugin: report it with what it says.' }
    troubles.push(trouble)
    return { missing: trouble.message, fix: trouble.fix, blame: 'plugin' } as const
  })
  const close = async (opened: Opened<Grounds[G]>): Promise<void> => {
    if ('missing' in opened) return
    await opened.close().catch((error: unknown) => { troubles.push({ message: `Gate ${gate} did not close cleanly: ${told(error)}`, fix: 'Report it with what it says.' }) })
  }

  let shared: Opened<Grounds[G]> | undefined
  const share = async (): Promise<Opened<Grounds[G]>> => {
    const opened = await ground()
    stands.standing = { ...stands.standing, [gate]: opened }
    stands.closing.push(() => close(opened))
    return opened
  }
  const rows: CheckRow[] = []
  for (const check of checks as readonly Check<G>[]) {
    if (signal.aborted) break
    const isFresh = check.fresh === true
    const opened = isFresh ? await ground() : (shared ??= await share())
    if ('missing' in opened && opened.blame === 'machine' && !troubles.some(({ message }) => message === opened.missing)) troubles.push({ message: opened.missing, fix: opened.fix })
    progress({ kind: 'start', id: check.id, timeoutMs: check.timeoutMs })
    const row = await runOne(check, opened, subject, options)
    if (isFresh) await close(opened)
    rows.push(row)
    progress({ kind: 'end', row })
  }
  return rows
}

type Found = Outcome | { readonly status: 'unopened'; readonly why: string; readonly fix: string } | { readonly status: 'error'; readonly message: string; readonly evidence: readonly string[] }

async function runOne<G extends Gate>(check: Check<G>, opened: Opened<Grounds[G]>, subject: PackageSubject, options: GateOptions): Promise<CheckRow> {
  const { clock = () => performance.now() } = options
  const from = clock()
  const found = 'missing' in opened ? unopened(check.id, opened) : await outcomeOf(check, opened.ground, options.signal)
  return rowOf(check as unknown as AnyCheck, found, subject, Math.round(clock() - from), options)
}

/** What a check comes to whose gate did not open. */
function unopened(id: string, { missing, fix, toldBy }: Extract<Opened<never>, { readonly missing: string }>): Found {
  return toldBy === id ? { status: 'fail', findings: [{ message: missing, fix, evidence: [] }] } : { status: 'unopened', why: missing, fix }
}

async function outcomeOf<G extends Gate>(check: Check<G>, ground: Grounds[G], stopped: AbortSignal): Promise<Found> {
  const timeUp = AbortSignal.timeout(check.timeoutMs)
  const signal = AbortSignal.any([timeUp, stopped])
  const ended = Promise.withResolvers<never>()
  const end = (): void => { ended.reject(new Error(timeUp.aborted ? `it ran past its ${check.timeoutMs} ms` : 'the run was stopped')) }
  signal.addEventListener('abort', end, { once: true })
  try {
    return await Promise.race([check.run(ground, signal), ended.promise])
  } catch (error) {
    return { status: 'error', message: `The check itself failed: ${told(error)}`, evidence: error instanceof Error && error.stack !== undefined ? [error.stack] : [] }
  } finally {
    signal.removeEventListener('abort', end)
  }
}

function rowOf(check: AnyCheck, found: Found, subject: PackageSubject, ms: number, { grade, seed, sparing, again = '' }: GateOptions): CheckRow {
  const { id, level, gate, title } = check
  const common = { id, level, gate, title: title.en, ...(check.forLabel === true ? { forLabel: true as const } : {}), ms, replay: `liberacces-certify ${quoted(subject.path)} --only ${id} --seed ${seed}${again}` }
  const counts = isWithin(level, grade)
  const plain = (status: Status, message = '', fix = '', evidence: readonly string[] = [], blocks = false): CheckRow => ({ ...common, status, message, fix, evidence, blocks, findings: [] })
  switch (found.status) {
    case 'pass': return plain('pass', '', '', found.evidence ?? [])
    case 'skip': return plain('skip', found.why)
    case 'unopened': return { ...plain('skip', found.why, found.fix, [], counts && check.maturity === 'enforced'), unopened: true }
    case 'error': return plain('error', found.message, 'This is a fault of the harness, not of the plugin: report it with the command that shows it.', found.evidence, counts)
    case 'review': return { ...plain('review', found.items[0], 'A person looks at it and signs what they saw.', found.items, counts && check.maturity === 'enforced'), ...(check.maturity === 'enforced' ? {} : { spared: `the check is ${check.maturity}` }) }
    case 'fail': {
      const [first] = found.findings
      const reasons = found.findings.map((finding) => (check.maturity === 'enforced' ? sparing?.(check, finding) : `the check is ${check.maturity}`))
      const isSpared = reasons.every((reason) => reason !== undefined)
      return {
        ...common, status: 'fail', message: first.message, fix: first.fix, evidence: first.evidence, findings: found.findings, blocks: counts && !isSpared,
        ...(first.file === undefined ? {} : { file: first.file }), ...(first.line === undefined ? {} : { line: first.line }),
        ...(isSpared ? { spared: [...new Set(reasons)].join('; ') } : {}),
      }
    }
    default: return found satisfies never
  }
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
