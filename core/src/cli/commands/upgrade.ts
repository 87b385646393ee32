import { Argument, Option } from 'commander'
import { PlatformError } from '../../errors.ts'
import type { Rehearsal } from '../../lifecycle/rehearsal.ts'
import type { Upgraded } from '../../lifecycle/upgrade.ts'
import type { WaveOutcome } from '../../lifecycle/wave.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { failureOf, type Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { pluginWish, wholeNumber } from '../option-values.ts'
import { stepNotes } from '../step-notes.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable } from '../text-table.ts'

interface Options {
  readonly tenant?: string
  readonly all?: boolean
  readonly rehearse?: boolean
  readonly acceptScopes?: boolean
  readonly maxFailures: number
  readonly concurrency: number
}

/** What became of one tenant, as the command answers it. */
interface Line {
  readonly tenant: string
  readonly state: 'upgraded' | 'unchanged' | 'go' | 'no-go' | 'failed' | 'waiting' | 'left'
  readonly from?: string
  readonly to?: string
  readonly migrations?: readonly string[]
  readonly ms?: number
  readonly problems?: readonly Failure[]
}

/** `upgrade ID[@RANGE] --tenant T|--all [--rehearse] [--accept-scopes]` */
export const upgrade: PlatformCommand = {
  kind: 'platform',
  name: 'upgrade',
  summary: 'move a plugin to a newer release, at one tenant or at all; nobody notices, and a failure leaves all as it was',
  define(command) {
    command
      .addArgument(new Argument('<plugin>', 'its id, perhaps with a range of versions: ID[@RANGE]').argParser(pluginWish))
      .addOption(new Option('--tenant <slug>', 'which tenant').conflicts('all'))
      .option('--all', 'every tenant at which it is on, one after the other')
      .option('--rehearse', 'only try it on a copy of the data, and say whether it would go well')
      .option('--accept-scopes', 'accept what the release asks for beyond what was accepted')
      .addOption(new Option('--max-failures <n>', 'with --all: stop when so many have failed').argParser(wholeNumber(1, 100_000)).default(1).conflicts('tenant'))
      .addOption(new Option('--concurrency <n>', 'with --all: tenants under way at a time').argParser(wholeNumber(1, 16)).default(2).conflicts('tenant'))
  },
  wrongUse({ options: { tenant, all } }: Input<Options>) {
    return tenant === undefined && all !== true ? 'Which tenant is not said.\nGive --tenant SLUG, or --all.' : undefined
  },
  async run(platform: Platform, { args: [{ id, range }], options }: Input<Options, [ReturnType<typeof pluginWish>]>, io: Io) {
    const how = { range, acceptScopes: options.acceptScopes === true, by: operator() }
    if (options.tenant !== undefined) await one(platform, options.tenant, id, how, options.rehearse === true, io)
    else await all(platform, id, how, options, io)
  },
}

type How = Parameters<Platform['installations']['upgrade']>[2]

async function one({ installations, ...platform }: Platform, tenant: string, pluginId: string, how: How, rehearse: boolean, io: Io): Promise<void> {
  const { id } = tenantOf({ ...platform, installations }, tenant)
  const line = rehearse ? rehearsed(tenant, await installations.rehearse(id, pluginId, how)) : upgraded(tenant, await installations.upgrade(id, pluginId, { ...how, step: stepNotes(io, tenant) }))
  io.answer({ pluginId, plugin: pluginId, ...line }, sentence(pluginId, line))
  if (line.state === 'no-go') throw noGo(1)
}

async function all(platform: Platform, pluginId: string, how: How, { rehearse, maxFailures, concurrency }: Options, io: Io): Promise<void> {
  const { waves } = platform
  if (platform.catalogue.find(pluginId).length === 0 && (await platform.installations.tenantsWith(pluginId)).length === 0) {
    throw new PlatformError('PLUGIN_UNKNOWN', `There is no plugin "${pluginId}" in the catalogue, and no tenant has it switched on.`, { fix: 'See `liberacces plugin list` for the ids.' })
  }
  const slugOf = (tenantId: string): string => platform.tenants.byId(tenantId)?.info.slug ?? tenantId
  const lineOf = <Result>(outcome: WaveOutcome<Result>, done: (tenant: string, result: Result) => Line): Line => {
    const tenant = slugOf(outcome.tenantId)
    if (outcome.state === 'done' && outcome.result !== undefined) return done(tenant, outcome.result)
    return outcome.state === 'left' || outcome.state === 'done' ? { tenant, state: 'left' } : { tenant, state: outcome.state, problems: [failureOf(outcome.error)] }
  }
  const tell = (line: Line, through: number, total: number): void => { if (!io.json) io.note(`[${through}/${total}] ${sentence(pluginId, line)}`) }
  const lines = rehearse === true
    ? (await waves.rehearseAll(pluginId, { ...how, concurrency, told: (outcome, through, total) => { tell(lineOf(outcome, rehearsed), through, total) } })).map((outcome) => lineOf(outcome, rehearsed))
    : (await waves.upgradeAll(pluginId, { ...how, concurrency, maxFailures, told: (outcome, through, total) => { tell(lineOf(outcome, upgraded), through, total) } })).map((outcome) => lineOf(outcome, upgraded))
  const count = (...states: readonly Line['state'][]): number => lines.filter(({ state }) => states.includes(state)).length
  const counts = rehearse === true
    ? { go: count('go'), unchanged: count('unchanged'), noGo: count('no-go', 'failed', 'waiting') }
    : { done: count('upgraded', 'unchanged'), failed: count('failed'), left: count('left'), waiting: count('waiting') }
  io.answer({ pluginId, plugin: pluginId, ...counts, tenants: lines }, textTable(
    ['tenant', 'state', 'from', 'to', 'ms', 'why'],
    lines.map(({ tenant, state, from, to, ms, problems }) => [tenant, state, from, to, ms, problems?.map(({ message }) => message).join(' ')]),
    `No tenant has ${pluginId} switched on.`,
  ))
  if (counts.noGo !== undefined && counts.noGo > 0) throw noGo(counts.noGo)
  if (counts.failed !== undefined && counts.failed > 0) {
    throw new PlatformError('UPGRADE_STOPPED', `${counts.failed} of ${lines.length} tenants failed, and ${counts.left} were not tried.`, { fix: 'See why, then run the same command again: it goes on with those that have not moved.' })
  }
}

function upgraded(tenant: string, { kind, from, to, migrations, ms }: Upgraded): Line {
  return { tenant, state: kind, from, to, migrations, ms }
}

function rehearsed(tenant: string, { go, from, to, migrations, problems, ms }: Rehearsal): Line {
  return { tenant, state: !go ? 'no-go' : to === undefined ? 'unchanged' : 'go', from, ...(to === undefined ? {} : { to }), migrations, ms, ...(problems.length === 0 ? {} : { problems }) }
}

function sentence(pluginId: string, { tenant, state, from, to, ms, problems = [] }: Line): string {
  const why = problems.map(({ message }) => ` ${message}`).join('')
  switch (state) {
    case 'upgraded': return `${tenant}: ${pluginId} moved from ${from ?? ''} to ${to ?? ''} in ${ms ?? 0} ms.`
    case 'unchanged': return `${tenant}: ${pluginId} ${from ?? ''} is the newest that fits.`
    case 'go': return `${tenant}: go, from ${from ?? ''} to ${to ?? ''} (${ms ?? 0} ms).`
    case 'no-go': return `${tenant}: no-go, from ${from ?? ''}${to === undefined ? '' : ` to ${to}`} (${ms ?? 0} ms).${why}`
    case 'waiting': return `${tenant}: waits for consent.${why}`
    case 'failed': return `${tenant}: failed; all is as before.${why}`
    case 'left': return `${tenant}: not tried.`
    default: return state satisfies never
  }
}

function noGo(tenants: number): PlatformError {
  return new PlatformError('REHEARSAL_NO_GO', `The upgrade would fail at ${tenants} ${tenants === 1 ? 'tenant' : 'tenants'}; nothing was changed.`, { fix: 'The answer says why for each.' })
}
