import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Option } from 'commander'
import { PlatformError } from '../../errors.ts'
import { GRADES } from '../../labels/grade.ts'
import type { LabelPolicy } from '../../labels/label-policy.ts'
import type { LabelStanding } from '../../labels/label-standing.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { textTable } from '../text-table.ts'

interface PolicyOptions {
  readonly require?: LabelPolicy['require']
  readonly statusMaxAge?: string
  readonly onStale?: LabelPolicy['onStale']
}

/** `label policy [--require G] [--status-max-age DAYS] [--on-stale warn|block]` */
export const labelPolicy: PlatformCommand = {
  kind: 'platform',
  name: 'label policy',
  summary: 'show what the Pool asks of releases that come in archives, or change it',
  define(command) {
    command.addOption(new Option('--require <grade>', 'least grade of a label; none takes releases without').choices(['none', ...GRADES]))
      .option('--status-max-age <days>', 'how old the newest status list may be, 1 to 365')
      .addOption(new Option('--on-stale <what>', 'what an older one, or none, does').choices(['warn', 'block']))
  },
  wrongUse({ options }: Input<PolicyOptions>) {
    const { statusMaxAge } = options
    if (statusMaxAge === undefined || (/^\d{1,3}$/.test(statusMaxAge) && Number(statusMaxAge) >= 1 && Number(statusMaxAge) <= 365)) return undefined
    return `"${statusMaxAge}" is no number of days.\nGive a whole number from 1 to 365.`
  },
  async run({ labels }: Platform, { options: { require, statusMaxAge, onStale } }: Input<PolicyOptions>, io: Io) {
    const before = await labels.policy()
    const policy: LabelPolicy = { require: require ?? before.require, statusMaxAgeDays: statusMaxAge === undefined ? before.statusMaxAgeDays : Number(statusMaxAge), onStale: onStale ?? before.onStale }
    if (JSON.stringify(policy) !== JSON.stringify(before)) await labels.setPolicy(policy, operator())
    io.answer(policy, [
      policy.require === 'none' ? 'Releases are taken with a label or without.' : `Releases from archives need a label, ${policy.require} or better.`,
      `A status list older than ${policy.statusMaxAgeDays} days, or none, ${policy.onStale === 'warn' ? 'is warned of' : 'is refused'}.`,
    ].join('\n'))
  },
}

/** `label trust FILE --fingerprint HEX`; a newer root of who is trusted needs no fingerprint, for the older one's keys vouch for it */
export const labelTrust: PlatformCommand = {
  kind: 'platform',
  name: 'label trust',
  summary: 'trust a certifier from now on, or take in its newer root of trust',
  define(command) {
    command.argument('<file>', 'its root of trust').option('--fingerprint <hex>', 'what the certifier told you by another way: it must be the same. Without it, a certifier that is not trusted yet is shown and not trusted')
  },
  async run({ labels }: Platform, { args: [file], options: { fingerprint } }: Input<{ readonly fingerprint?: string }, [string]>, io: Io) {
    const bytes = await given(io, file)
    await labels.requireCompared(bytes, fingerprint)
    const root = await labels.trust(bytes, fingerprint, operator())
    io.answer({ id: root.id, name: root.name, version: root.version, fingerprint: root.fingerprint, expires: root.expires },
      `Trusting ${root.name} (${root.id}), version ${root.version}, until ${root.expires}\n  fingerprint ${root.fingerprint}`)
  },
}

/** `label untrust ID --reason TEXT` */
export const labelUntrust: PlatformCommand = {
  kind: 'platform',
  name: 'label untrust',
  summary: 'trust a certifier no longer; what runs goes on, its labels stand as unknown',
  define(command) {
    command.argument('<id>', 'its id, as `label show` says it').requiredOption('--reason <text>', 'why, in 10 to 400 characters: it stands in the audit trail')
  },
  async run({ labels }: Platform, { args: [id], options: { reason } }: Input<{ readonly reason: string }, [string]>, io: Io) {
    const { root, releases } = await labels.untrust(id, reason, operator())
    io.answer({ id: root.id, name: root.name, fingerprint: root.fingerprint, releases: releases.map(({ id: of, version }) => ({ pluginId: of, id: of, version })) }, [
      `${root.name} (${root.id}) is trusted no longer.`,
      ...releases.map(({ id: of, version }) => `  ${of} ${version} runs on where it is on; its label is unknown from now on`),
    ].join('\n'))
  },
}

/** `label update FILE` */
export const labelUpdate: PlatformCommand = {
  kind: 'platform',
  name: 'label update',
  summary: 'take in a newer status list of a trusted certifier; what runs goes on',
  define(command) { command.argument('<file>', 'the status list') },
  async run({ labels }: Platform, { args: [file] }: Input<object, [string]>, io: Io) {
    const list = await labels.update(await given(io, file), operator())
    const amiss = labels.amiss
    io.answer({ uri: list.uri, version: list.version, issued: list.issued, amiss: amiss.map(told) }, [
      `Status list ${list.uri}, version ${list.version} of ${list.issued}`,
      ...amiss.map(({ id, version, state, change, decision }) => `  ${id} ${version} is ${state} since ${change?.at ?? ''} (${change?.reason ?? ''})${decision === undefined ? `: decide with \`liberacces label decide ${id}@${version} …\`` : `, decided: ${decision.decision}`}`),
    ].join('\n'))
  },
}

/** `label show` */
export const labelShow: PlatformCommand = {
  kind: 'platform',
  name: 'label show',
  summary: 'show who is trusted, and how the labels of the installed releases stand',
  async run({ labels }: Platform, _input: Input, io: Io) {
    const [{ roots, lists }, standings, policy] = [await labels.trusted(), await labels.standings(), await labels.policy()]
    io.answer({
      policy, standings: standings.map(told), roots: roots.map(({ id, name, version, expires, fingerprint }) => ({ id, name, version, expires, fingerprint })), lists: lists.map(({ uri, version, issued }) => ({ uri, version, issued })),
    }, [
      textTable(['release', 'grade', 'until', 'state', 'certifier', 'remark'], standings.map((standing) => [`${standing.id} ${standing.version}`, standing.grade, standing.notAfter.slice(0, 10), standing.state, standing.certifier ?? 'not trusted', remark(standing)]), 'No installed release has a label.'),
      textTable(['trusted', 'id', 'version', 'until', 'fingerprint'], roots.map(({ id, name, version, expires, fingerprint }) => [name, id, version, expires.slice(0, 10), fingerprint]), 'No certifier is trusted.'),
      textTable(['status list', 'version', 'issued'], lists.map(({ uri, version, issued }) => [uri, version, issued]), 'No status list is known.'),
    ].join('\n\n'))
  },
}

interface DecideOptions {
  readonly continue?: boolean
  readonly stop?: boolean
  readonly reason: string
}

/** `label decide ID@V --continue|--stop --reason TEXT` */
export const labelDecide: PlatformCommand = {
  kind: 'platform',
  name: 'label decide',
  summary: 'decide about a release whose label was suspended or revoked: let it run on, or stop it everywhere',
  define(command) {
    command.argument('<release>', 'ID@VERSION').option('--continue', 'it runs on').option('--stop', 'it is put out of service at once; no data is touched')
      .requiredOption('--reason <text>', 'why, in 10 to 400 characters: it stands in the audit trail')
  },
  wrongUse({ options }: Input<DecideOptions>) {
    return (options.continue === true) === (options.stop === true) ? 'Decide for one of --continue and --stop.' : undefined
  },
  async run({ labels }: Platform, { args: [release], options }: Input<DecideOptions, [string]>, io: Io) {
    const [, id = '', version = ''] = /^([^@]+)@(.+)$/.exec(release) ?? []
    if (id === '') throw new PlatformError('LABEL_DECISION_INVALID', `"${release}" names no release.`, { fix: 'Give ID@VERSION, as `liberacces label show` lists them.' })
    const standing = await labels.decide({ id, version }, options.stop === true ? 'stop' : 'continue', options.reason, operator())
    io.answer(told(standing), options.stop === true ? `${id} ${version} is out of service. Start it again with \`liberacces plugin start ${id} --version ${version}\`.` : `${id} ${version} runs on. The decision and its reason are in the audit trail.`)
  },
}

/** For programs: whatever names a plugin has its id under this name. */
function told(standing: LabelStanding): LabelStanding & { readonly pluginId: string } {
  return { pluginId: standing.id, ...standing }
}

function remark({ problem, warnings, decision }: LabelStanding): string {
  return [...(problem === undefined ? [] : [problem.code]), ...(decision === undefined ? [] : [`decided: ${decision.decision}`]), ...warnings].join('; ')
}

async function given(io: Io, file: string): Promise<Buffer> {
  try {
    return await readFile(resolve(io.folder, file))
  } catch (cause) {
    throw new PlatformError('LABEL_INVALID', `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { fix: 'Give a file that the user of the server may read.', cause })
  }
}
