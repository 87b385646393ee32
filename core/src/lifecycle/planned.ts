import type { Manifest } from '@liberacces/sdk/host'
import semver from 'semver'
import { planInstallations, type Wish } from '../catalogue/plan.ts'
import { PlatformError } from '../errors.ts'

/** What a plan is made from. */
export interface Situation {
  /** Every release of the catalogue. */
  readonly available: readonly Manifest[]
  /** What runs at the tenant. */
  readonly running: readonly Manifest[]
  /** Contracts that the tenant above shares. */
  readonly shared: ReadonlySet<string>
  /**
   * Plugins of other tenants that need contracts from this one, in words for a refusal.
   * @defaultValue none
   */
  readonly neededElsewhere?: ((contracts: readonly string[]) => readonly string[]) | undefined
}

/** A release to move to, and the order in which all of the tenant's plugins then stand. */
export interface PlannedMove {
  readonly target: Manifest
  readonly order: readonly Manifest[]
}

/**
 * What running plugins become when others are switched on too: they stay at their versions. Pure.
 * @throws PlatformError with every problem of the plan
 */
export function planSwitchOn({ available, running, shared }: Situation, wishes: readonly Wish[]): readonly Manifest[] {
  const wanted = new Set(wishes.map(({ id }) => id))
  const kept = running.filter(({ id }) => !wanted.has(id))
  const plan = planInstallations(withPinned(available, kept), [...kept.map(pinned), ...wishes], shared)
  if (!plan.ok) throw problemsAsOne(plan.problems)
  return plan.order
}

/**
 * The newest release in a range that everything else at the tenant can live with. Pure.
 * @param current - version that runs now
 * @returns `undefined` when what runs is the newest already
 * @throws PlatformError `PLUGIN_DOWNGRADE` when the range lies below what runs, or every problem of the newest release in the range
 */
export function planUpgrade(situation: Situation, pluginId: string, range: string, current: string): PlannedMove | undefined {
  const inRange = situation.available
    .filter(({ id, version }) => id === pluginId && semver.satisfies(version, range, { includePrerelease: true }))
    .toSorted((a, b) => semver.rcompare(a.version, b.version))
  const newest = inRange[0]
  if (newest === undefined) return planMove(situation, pluginId, range)
  if (semver.lt(newest.version, current)) {
    throw new PlatformError('PLUGIN_DOWNGRADE', `Plugin "${pluginId}" runs ${current} here, and ${newest.version} is older.`, {
      fix: `To go back to the release before, with the data that belongs to it, use \`liberacces rollback ${pluginId} --tenant T\`.`,
    })
  }
  const newer = inRange.filter((manifest) => semver.gt(manifest.version, current)).map(({ version }) => tryMove(situation, pluginId, version))
  const found = newer.find((move) => !(move instanceof PlatformError)) ?? newer[0]
  if (found instanceof PlatformError) throw found
  return found
}

/** A move to one release, whatever runs. @throws PlatformError with every problem */
export function planMove(situation: Situation, pluginId: string, range: string): PlannedMove {
  const move = tryMove(situation, pluginId, range)
  if (move instanceof PlatformError) throw move
  return move
}

function tryMove({ available, running, shared, neededElsewhere }: Situation, pluginId: string, range: string): PlannedMove | PlatformError {
  const kept = running.filter(({ id }) => id !== pluginId)
  const own = available.filter(({ id, version }) => id === pluginId && semver.satisfies(version, range, { includePrerelease: true }))
  // Only the releases in question: what another one of the plugin needs must not refuse this one. All, to say what there is, where none fits.
  const candidates = own.length > 0 ? [...available.filter(({ id }) => id !== pluginId), ...own] : available
  const plan = planInstallations(withPinned(candidates, kept), [...kept.map(pinned), { id: pluginId, range }], shared)
  if (!plan.ok) return problemsAsOne(plan.problems)
  const target = plan.order.find(({ id }) => id === pluginId)
  if (target === undefined) throw new Error(`The plan for "${pluginId}" left it out.`)
  const ending = running.find(({ id }) => id === pluginId)?.provides.filter((contract) => !plan.order.some(({ provides }) => provides.includes(contract))) ?? []
  const dependants = ending.length === 0 ? [] : neededElsewhere?.(ending) ?? []
  if (dependants.length > 0) {
    return new PlatformError('PLUGIN_NEEDED', `Plugin "${pluginId}" ${target.version} no longer provides ${ending.map((contract) => `"${contract}"`).join(' and ')}, which ${dependants.join(' and ')} needs.`, {
      fix: 'Switch those off first, or choose a release that still provides it.',
    })
  }
  return { target, order: plan.order }
}

/** One error that carries every problem of a plan. */
function problemsAsOne(problems: readonly PlatformError[]): PlatformError {
  const [first, ...rest] = problems
  if (first === undefined) throw new Error('A plan failed without a problem.')
  if (rest.length === 0) return first
  return new PlatformError(first.code, problems.map((problem) => problem.message).join(' '), { fix: [...new Set(problems.map((problem) => problem.fix))].join(' ') })
}

function pinned({ id, version }: Manifest): Wish {
  return { id, range: version }
}

/** Of what stays as it is, no other release counts. */
function withPinned(available: readonly Manifest[], kept: readonly Manifest[]): readonly Manifest[] {
  const ids = new Set(kept.map(({ id }) => id))
  return [...available.filter(({ id }) => !ids.has(id)), ...kept]
}
