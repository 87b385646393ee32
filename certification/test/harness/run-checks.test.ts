import { expect, test } from 'vitest'
import type { AnyCheck, Check, Outcome } from '../../src/harness/check.ts'
import type { GateOpeners } from '../../src/harness/gate-opener.ts'
import { runChecks, type Progress, type RunOptions } from '../../src/harness/run-checks.ts'
import type { PackageSubject } from '../../src/harness/subject.ts'
import { verdictOnGrade } from '../../src/harness/verdict.ts'

const SUBJECT: PackageSubject = { path: './it', kind: 'folder', archive: undefined, digest: undefined, files: undefined, manifest: undefined, problems: [], problemKind: 'none', repack: undefined, folder: undefined, given: {} }
const text = { fr: 'x', en: 'x' }

function check(id: AnyCheck['id'], run: Outcome | Check<'package'>['run'], more: Partial<Check<'package'>> = {}): AnyCheck {
  return {
    id, since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', title: text, rationale: text, howToFix: 'x', example: { bad: 'x', good: 'y' }, timeoutMs: 1_000,
    run: typeof run === 'function' ? run : async () => run, ...more,
  }
}
const fail = (message: string): Outcome => ({ status: 'fail', findings: [{ message, fix: 'mend it', file: 'a.ts', line: 3, evidence: ['seen'] }] })
const here: GateOpeners = { package: async (subject) => ({ ground: subject, close: async () => undefined }) }

async function run(checks: readonly AnyCheck[], more: Partial<RunOptions> = {}) {
  return runChecks(SUBJECT, { checks, openers: here, grade: 'bronze', seed: 7, catalogue: { version: '1.0', digest: 'd' }, platform: '0', clock: () => 0, ...more })
}

test('[C100] every check runs even when an earlier one failed, and each failure says what, where, how to fix and how to see it again', async () => {
  const report = await run([check('MAN-01', fail('wrong')), check('MAN-02', { status: 'pass' }), check('MAN-03', { status: 'skip', why: 'not this kind' })])
  expect(report.checks.map(({ id, status }) => [id, status])).toEqual([['MAN-01', 'fail'], ['MAN-02', 'pass'], ['MAN-03', 'skip']])
  expect(report.checks[0]).toMatchObject({ message: 'wrong', fix: 'mend it', file: 'a.ts', line: 3, evidence: ['seen'], blocks: true, replay: 'liberacces-certify ./it --only MAN-01 --seed 7' })
  expect([report.verdict, report.reached]).toEqual(['fail', 'none'])
})

test('[C101] a check that throws or runs past its time is an error of the harness, with the check named, and the others get their turn', async () => {
  const report = await run([
    check('MAN-01', async () => { throw new Error('null is no object') }),
    check('MAN-02', () => new Promise(() => undefined), { timeoutMs: 5 }),
    check('MAN-03', { status: 'pass' }),
  ])
  expect(report.checks.map(({ id, status, message }) => [id, status, message])).toEqual([
    ['MAN-01', 'error', 'The check itself failed: null is no object'],
    ['MAN-02', 'error', 'The check itself failed: it ran past its 5 ms'],
    ['MAN-03', 'pass', ''],
  ])
  expect(report.verdict).toBe('error')
})

test('[C102] the grade says which levels block; all are run and reported, and what is not enforced yet never blocks', async () => {
  const checks = [
    check('MAN-01', { status: 'pass' }), check('MAN-02', fail('x'), { level: 'silver' }), check('MAN-03', { status: 'pass' }, { level: 'gold' }),
    check('MAN-04', fail('x'), { maturity: 'advisory' }), check('MAN-05', fail('x'), { maturity: 'shadow' }),
  ]
  const [bronze, silver] = [await run(checks), await run(checks, { grade: 'silver' })]
  expect([bronze.verdict, bronze.reached, silver.verdict, silver.reached]).toEqual(['pass', 'bronze', 'fail', 'bronze'])
  expect(bronze.checks.map(({ id, status, blocks, spared }) => [id, status, blocks, spared])).toEqual([
    ['MAN-01', 'pass', false, undefined], ['MAN-02', 'fail', false, undefined], ['MAN-03', 'pass', false, undefined],
    ['MAN-04', 'fail', false, 'the check is advisory'], ['MAN-05', 'fail', false, 'the check is shadow'],
  ])
  expect((await run([check('MAN-01', { status: 'review', items: ['look at it'] })])).verdict).toBe('review')
})

test('[C104] a grade that no check looks at is not reached and not passed; what a person has to look at stays so', async () => {
  const of = async (...checks: readonly AnyCheck[]) => verdictOnGrade(await run(checks, { grade: 'gold' }))
  const [bronze, silver, gold] = [check('MAN-01', { status: 'pass' }), check('MAN-02', { status: 'pass' }, { level: 'silver' }), check('MAN-03', { status: 'pass' }, { level: 'gold' })]
  expect([await of(bronze, silver), await of(bronze, silver, gold), await of(bronze, gold)]).toEqual(['fail', 'pass', 'fail'])
  const review = check('MAN-04', { status: 'review', items: ['look at it'] })
  expect([await of(bronze, silver, review), await of(bronze, silver, gold, review)]).toEqual(['fail', 'review'])
})

test('[C100] the command that shows it again has the path as one word of the shell, and what was given along', async () => {
  const report = await runChecks({ ...SUBJECT, path: "it's mine" }, { checks: [check('MAN-01', fail('wrong'))], openers: here, grade: 'bronze', seed: 7, catalogue: { version: '1.0', digest: 'd' }, platform: '0', again: ' --previous old.tgz' })
  expect(report.checks[0]?.replay).toBe(String.raw`liberacces-certify 'it'\''s mine' --only MAN-01 --seed 7 --previous old.tgz`)
})

test('[C103] a gate is opened once, anew for a check that asks for it, and closed whatever happened; one whose ground is missing skips its checks and says why', async () => {
  const happened: string[] = []
  const opener = (closes: () => Promise<void>): GateOpeners => ({ package: async (subject) => { happened.push('open'); return { ground: subject, close: async () => { happened.push('close'); await closes() } } } })
  const progress = (one: Progress): void => { if (one.kind === 'end') happened.push(one.row.id) }
  await run([check('MAN-01', fail('x')), check('MAN-02', { status: 'pass' }, { fresh: true }), check('MAN-03', { status: 'pass' })], { openers: opener(async () => undefined), progress })
  expect(happened).toEqual(['open', 'MAN-01', 'open', 'close', 'MAN-02', 'MAN-03', 'close'])

  const missing = await run([check('MAN-01', { status: 'pass' })], { openers: { package: async () => ({ missing: 'no archive', fix: 'pack', blame: 'plugin' }) } })
  expect([missing.checks[0]?.status, missing.checks[0]?.message, missing.verdict, missing.reached, missing.checks[0]?.unopened]).toEqual(['skip', 'no archive', 'review', 'none', true])
  const told = await run([check('MAN-01', { status: 'pass' }), check('MAN-02', { status: 'pass' })], { openers: { package: async () => ({ missing: 'a migration fails', fix: 'mend it', blame: 'plugin', toldBy: 'MAN-02' }) } })
  expect([told.checks.map(({ status, message }) => [status, message]), told.verdict]).toEqual([[['skip', 'a migration fails'], ['fail', 'a migration fails']], 'fail'])
  const machine = await run([check('MAN-01', { status: 'pass' }), check('MAN-02', { status: 'pass' })], { openers: { package: async () => ({ missing: 'no browser', fix: 'install one', blame: 'machine' }) } })
  expect([machine.troubles, machine.verdict, machine.reached]).toEqual([[{ message: 'no browser', fix: 'install one' }], 'error', 'none'])
  const broken = await run([check('MAN-01', { status: 'pass' })], { openers: { package: async () => { throw new Error('port taken') } } })
  expect([broken.troubles[0]?.message, broken.verdict]).toEqual(['Gate package could not be opened: port taken', 'error'])
  const unclean = await run([check('MAN-01', { status: 'pass' })], { openers: opener(async () => { throw new Error('still open') }) })
  expect([unclean.troubles[0]?.message, unclean.verdict]).toEqual(['Gate package did not close cleanly: still open', 'error'])
})

test('[C562] a gate stands until the run is over, for those after it to use what was gone through there; the last is closed first, also when a check failed', async () => {
  const happened: string[] = []
  const openers: GateOpeners = {
    package: async (subject) => ({ ground: subject, close: async () => { happened.push('package closed') } }),
    static: async (subject, { standing }) => {
      happened.push(`static sees ${Object.keys(standing ?? {}).join()}${standing?.package !== undefined && 'ground' in standing.package && standing.package.ground === subject ? ', as it is' : ''}`)
      return { ground: { ...subject, code: [], bundle: undefined }, close: async () => { happened.push('static closed'); throw new Error('still open') } }
    },
  }
  const ofStatic = { ...check('SEC-01', { status: 'pass' }), gate: 'static' } as AnyCheck
  const report = await run([check('MAN-01', async () => { throw new Error('broken') }), ofStatic], { openers, progress: (one) => { if (one.kind === 'end') happened.push(one.row.id) } })
  expect(happened).toEqual(['MAN-01', 'static sees package, as it is', 'SEC-01', 'static closed', 'package closed'])
  expect(report.troubles.map(({ message }) => message)).toEqual(['Gate static did not close cleanly: still open'])
})
