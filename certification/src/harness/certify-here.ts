import { platformVersion } from '@liberacces/core'
import { resolve } from 'node:path'
import { CHECKS } from '../checks/index.ts'
import { BASELINE, readBaseline } from './baseline.ts'
import { catalogueIdentity } from './catalogue.ts'
import type { CertifyOrder } from './certify-order.ts'
import { chooseChecks } from './choose-checks.ts'
import { GATE_OPENERS } from './gates.ts'
import { harnessDigest } from './harness-digest.ts'
import { inputDigests } from './input-digests.ts'
import { NoSubject } from './no-subject.ts'
import { openSubject } from './open-subject.ts'
import { packAside } from './pack-aside.ts'
import { quoted } from './quoted.ts'
import type { Report } from './report.ts'
import { runChecks, type Progress } from './run-checks.ts'
import { verdictOnGrade } from './verdict.ts'
import { readWaivers, waiverOf } from './waivers.ts'

/**
 * Judges a plugin in this process. Its code runs in others: when a folder is packed, and on the throw-away platform; here only where the order says `inline`.
 * @throws NoSubject for every wrong use
 */
export async function certifyHere(order: CertifyOrder, progress: (progress: Progress) => void, signal: AbortSignal): Promise<Report> {
  const { path, cwd, grade, only, seed, today } = order
  const { chosen, unknown } = chooseChecks(CHECKS, only)
  if (unknown.length > 0) throw new NoSubject(`There is no check ${unknown.join(', ')}.`, 'See `liberacces-certify list`.')
  if (chosen.length === 0) throw new NoSubject('No check was asked for.', 'Name at least one with --only, or leave it out.')
  const known = order.baseline === undefined ? undefined : await readBaseline(resolve(cwd, order.baseline))
  const waivers = order.waivers === undefined ? [] : await readWaivers(resolve(cwd, order.waivers), CHECKS)
  const at = (file: string | undefined): string | undefined => (file === undefined ? undefined : resolve(cwd, file))
  const given = { ...order.given, advisories: at(order.given.advisories), previous: at(order.given.previous), source: at(order.given.source), alongside: order.given.alongside?.map((file) => resolve(cwd, file)) }
  const inputs = await inputDigests(given)
  progress({ kind: 'say', what: 'packing' })
  const subject = await openSubject(path, { cwd, pack: (folder) => packAside(folder, signal), given })
  const report = await runChecks(subject, {
    checks: chosen, openers: GATE_OPENERS, grade, seed, catalogue: catalogueIdentity(), platform: platformVersion(), progress, signal, again: againOf(order),
    sparing: (check, finding) => {
      const waiver = waiverOf(waivers, check.id, today)
      return waiver === undefined ? known?.(check, finding) : `waived until ${waiver.expires}: ${waiver.reason}`
    },
  })
  const isFailed = new Set(report.checks.filter(({ status }) => status === 'fail').map(({ id }) => id))
  return {
    ...report, date: today, harness: await harnessDigest(), inputs,
    ...(only === undefined ? { verdict: verdictOnGrade(report) } : {}),
    ...(order.given.inline === true ? { inline: true } : {}),
    ...(only === undefined ? {} : { only: chosen.map(({ id }) => id) }),
    ...(known === undefined ? {} : { baseline: { spared: report.checks.filter(({ spared }) => spared?.includes(BASELINE)).length } }),
    waivers: waivers.filter(({ check }) => isFailed.has(check) && waiverOf(waivers, check, today) !== undefined),
  }
}

/** What was given along, as options of the command that shows a finding again. A baseline is none: it hides findings. */
function againOf({ grade, waivers, given: { advisories, previous, source, alongside = [], inline } }: CertifyOrder): string {
  const files = { advisories, previous, source, waivers }
  return [
    ...(grade === 'bronze' ? [] : [` --grade ${grade}`]),
    ...Object.entries(files).map(([name, file]) => (file === undefined ? '' : ` --${name} ${quoted(file)}`)),
    ...alongside.map((file) => ` --with ${quoted(file)}`),
    ...(inline === true ? [' --inline'] : []),
  ].join('')
}
