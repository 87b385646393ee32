import { isContractId } from '@liberacces/sdk'
import type { Manifest } from '@liberacces/sdk/host'
import semver from 'semver'
import { PlatformError } from '../errors.ts'

/** A plugin that shall run, and who says so. */
export interface Wish {
  readonly id: string
  /** Semver range; `*` takes the newest. */
  readonly range: string
}

const NOTHING: ReadonlySet<string> = new Set()

/** What runs, providers before those who need them; or every reason why not. */
export type Plan =
  | { readonly ok: true; readonly order: readonly Manifest[] }
  | { readonly ok: false; readonly problems: readonly PlatformError[] }

/**
 * Decides what a set of wishes means. Pure, and names every problem at once: unknown plugins, missing needs, two providers
 * of one contract, version conflicts with both sides, circles, paths taken twice.
 * @param available - manifests of all releases in the catalogue, several versions of one plugin included
 * @param shared - contracts that the tenant above shares: who needs one of them needs no provider here
 */
export function planInstallations(available: readonly Manifest[], wishes: readonly Wish[], shared: ReadonlySet<string> = NOTHING): Plan {
  const problems: PlatformError[] = []
  const chosen = new Map<string, Manifest>()
  for (const id of new Set(wishes.map((wish) => wish.id))) {
    const release = choose(available, wishes, id)
    if (release instanceof PlatformError) problems.push(release)
    else chosen.set(id, release)
  }
  const running = [...chosen.values()]
  problems.push(...clashes(running))
  const needs = new Map(running.map((manifest) => [manifest.id, needsOf(manifest, running, available, shared, problems)]))
  const order = inOrder(running, needs, problems)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, order }
}

/** As many wishes as can run together, and for each that cannot, why. */
export interface PartialPlan {
  readonly order: readonly Manifest[]
  readonly left: readonly { readonly wish: Wish; readonly problems: readonly PlatformError[] }[]
}

/** Decides like {@link planInstallations}, but leaves out what cannot run: a missing or clashing plugin costs only itself and who needs it. Pure. */
export function planWhatCan(available: readonly Manifest[], wishes: readonly Wish[], shared: ReadonlySet<string> = NOTHING): PartialPlan {
  // All of them at once is the usual case; otherwise one by one, until nothing more fits.
  const all = planInstallations(available, wishes, shared)
  if (all.ok) return { order: all.order, left: [] }
  let waiting = wishes
  let kept: readonly Wish[] = []
  for (;;) {
    const next = waiting.find((wish) => planInstallations(available, [...kept, wish], shared).ok)
    if (next === undefined) break
    kept = [...kept, next]
    waiting = waiting.filter((wish) => wish !== next)
  }
  const plan = planInstallations(available, kept, shared)
  const left = waiting.map((wish) => {
    const refused = planInstallations(available, [...kept, wish], shared)
    return { wish, problems: refused.ok ? [] : refused.problems }
  })
  return { order: plan.ok ? plan.order : [], left }
}

/** The newest version that every wish and every dependant accepts. */
function choose(available: readonly Manifest[], wishes: readonly Wish[], id: string): Manifest | PlatformError {
  const versions = available.filter((manifest) => manifest.id === id)
  if (versions.length === 0) {
    return new PlatformError('PLUGIN_UNKNOWN', `No plugin "${id}" is in the catalogue.`, { fix: `Install it, or choose one of: ${[...new Set(available.map((manifest) => manifest.id))].sort().join(', ') || '(the catalogue is empty)'}.` })
  }
  const wanted = new Set(wishes.map((wish) => wish.id))
  const ranges = [
    ...wishes.filter((wish) => wish.id === id).map((wish) => ({ range: wish.range, who: 'the installation' })),
    ...available
      .filter((manifest) => wanted.has(manifest.id) && manifest.requires[id] !== undefined)
      .map((manifest) => ({ range: manifest.requires[id] ?? '*', who: `${manifest.id} ${manifest.version}` })),
  ]
  const fitting = versions
    .filter((manifest) => ranges.every(({ range }) => semver.satisfies(manifest.version, range, { includePrerelease: true })))
    .sort((a, b) => semver.rcompare(a.version, b.version))
  return fitting[0] ?? new PlatformError('PLUGIN_VERSION_CONFLICT',
    `No release of "${id}" suits everyone: ${ranges.map(({ range, who }) => `${who} wants ${range}`).join('; ')}; the catalogue has ${versions.map((manifest) => manifest.version).join(', ')}.`,
    { fix: 'Install a release that suits all, or change the version of the one that asks.' })
}

function clashes(running: readonly Manifest[]): readonly PlatformError[] {
  const claims = running.flatMap((manifest) => [
    { what: `the path /apps/${manifest.path}/`, who: manifest.id },
    ...manifest.provides.map((contract) => ({ what: `the contract ${contract}`, who: manifest.id })),
  ])
  const problems: PlatformError[] = []
  for (const what of new Set(claims.map((claim) => claim.what))) {
    const who = claims.filter((claim) => claim.what === what).map((claim) => claim.who)
    if (who.length > 1) problems.push(new PlatformError('PLUGIN_PATH_TAKEN', `${who.join(' and ')} both claim ${what}.`, { fix: 'Enable only one of them.' }))
  }
  return problems
}

/** Ids of the running plugins that must start before this one. */
function needsOf(manifest: Manifest, running: readonly Manifest[], available: readonly Manifest[], shared: ReadonlySet<string>, problems: PlatformError[]): readonly string[] {
  const provider = (id: string): Manifest | undefined => running.find((other) => (isContractId(id) ? other.provides.includes(id) : other.id === id))
  const required = Object.keys(manifest.requires).flatMap((id) => {
    const found = provider(id)
    if (found !== undefined) return [found.id]
    if (shared.has(id)) return []
    const candidates = [...new Set(available.filter((other) => (isContractId(id) ? other.provides.includes(id) : other.id === id)).map((other) => other.id))]
    problems.push(new PlatformError('PLUGIN_NEED_MISSING', `Plugin "${manifest.id}" needs "${id}", which nothing that is switched on provides.`,
      { fix: candidates.length > 0 ? `Switch on ${candidates.join(' or ')} first.` : 'Install a plugin that provides it.' }))
    return []
  })
  const optional = Object.keys(manifest.optional).flatMap((id) => provider(id)?.id ?? [])
  // An optional need orders two plugins only where it does not close a circle with a required one.
  return [...required, ...optional.filter((id) => !reaches(id, manifest.id, running))]
}

function reaches(from: string, target: string, running: readonly Manifest[], seen = new Set<string>()): boolean {
  if (seen.has(from)) return false
  seen.add(from)
  const manifest = running.find((other) => other.id === from)
  if (manifest === undefined) return false
  return Object.keys({ ...manifest.requires, ...manifest.optional }).some((need) => {
    const next = running.find((other) => other.id === need || other.provides.includes(need))?.id
    return next === target || (next !== undefined && reaches(next, target, running, seen))
  })
}

function inOrder(running: readonly Manifest[], needs: ReadonlyMap<string, readonly string[]>, problems: PlatformError[]): readonly Manifest[] {
  const order: Manifest[] = []
  const done = new Set<string>()
  const visit = (manifest: Manifest, chain: readonly string[]): void => {
    if (done.has(manifest.id)) return
    if (chain.includes(manifest.id)) {
      const circle = [...chain.slice(chain.indexOf(manifest.id)), manifest.id]
      problems.push(new PlatformError('PLUGIN_NEED_CYCLE', `These plugins need each other in a circle: ${circle.join(' → ')}.`, { fix: 'One of them must make the need optional, or use an event.' }))
      return
    }
    for (const need of needs.get(manifest.id) ?? []) {
      const found = running.find((other) => other.id === need)
      if (found !== undefined) visit(found, [...chain, manifest.id])
    }
    if (done.has(manifest.id)) return
    done.add(manifest.id)
    order.push(manifest)
  }
  for (const manifest of running.toSorted((a, b) => a.id.localeCompare(b.id))) visit(manifest, [])
  return order
}
