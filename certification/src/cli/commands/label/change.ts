import { resolve } from 'node:path'
import { readStatusList, readTrustRoot, type LabelState, type StatusListDocument, type TrustRoot } from '@liberacces/core'
import { changedStatus, labelNamed, nextStatusList, signStatusList } from '../../../label/change-status.ts'
import { addressesOf } from '../../../label/make-root.ts'
import { LabelError } from '../../../label/label-error.ts'
import { collect, wholeNumber, type LabelAnswer, type LabelCommand } from './label-command.ts'
import { keysFrom, readNamed, requireNoneWaiting, writeWhole } from './label-files.ts'

interface Options {
  readonly root: string
  readonly status: string
  readonly key: readonly string[]
  readonly reason?: string
  readonly note?: string
  readonly appeal?: string
  readonly disableIn?: number
  readonly passphraseFile?: string
  readonly json?: boolean
}

const DAY_MS = 86_400_000
/** Notice that users of a revoked release get unless the certifier says otherwise. */
const NOTICE_DAYS = 30

function changing(name: string, state: LabelState, description: string): LabelCommand {
  return (group, { folder, clock }, run) => {
    const command = group.command(name).description(description)
      .argument('<label>', 'PLUGIN@VERSION, or its place in the list')
      .requiredOption('--status <file>', 'the newest status list; it is replaced')
      .requiredOption('--root <file>', 'root of trust of the certifier')
      .requiredOption('--key <file>', 'key that signs; once each', collect)
      .requiredOption('--reason <code>', 'code of the reason, such as security, privacy, vendor-request, living-label')
      .option('--note <text>', 'the reason in a sentence, for everybody to read')
      .option('--appeal <address>', 'where the vendor may object, https://… or mailto:…')
      .option('--passphrase-file <file>', 'opens encrypted keys')
    if (state === 'revoked') command.option('--disable-in <days>', 'days until it is put out of service where it runs; 0 for active compromise', wholeNumber(0, 365), NOTICE_DAYS)
    command.action((label: string, options: Options) => run(options, async () => {
      const { reason, note, disableIn } = options
      if (reason === undefined || !/^[a-z][a-z-]{2,40}$/.test(reason)) throw new LabelError(`"${reason ?? ''}" is no code of a reason.`, 'Use 3 to 41 of a-z and "-", such as security.', 2)
      const root = readTrustRoot(await readNamed(folder, options.root))
      await requireNoneWaiting(folder, options.status)
      const list = readStatusList(await readNamed(folder, options.status), root)
      const now = clock()
      const idx = labelNamed(list, label)
      const appeal = options.appeal ?? addressesOf(root.id).appeal
      if (!/^(https:\/\/|mailto:)/.test(appeal)) throw new LabelError(`"${appeal}" is no address to object at.`, 'Give https://… or mailto:….', 2)
      const next = changedStatus(list, { idx, state, reason, appeal, ...(note === undefined ? {} : { note }), ...(disableIn === undefined ? {} : { disableAt: now + disableIn * DAY_MS }) }, now)
      return write(folder, options, next, root)
    }))
  }

  async function write(folder: string, options: Options, next: StatusListDocument, root: TrustRoot): Promise<LabelAnswer> {
    const keys = await keysFrom(folder, options.key, options.passphraseFile)
    const missing = root.roles.status.threshold - keys.filter(({ keyid }) => root.roles.status.keyids.includes(keyid)).length
    const path = `${resolve(folder, options.status)}${missing > 0 ? '.next' : ''}`
    await writeWhole(path, signStatusList(next, keys))
    const change = next.history.at(-1)
    return {
      data: { ok: true, version: next.version, change, status: path, missingSignatures: Math.max(0, missing) },
      text: [`Status list, version ${next.version}: label ${change?.idx ?? ''} is ${change?.state ?? ''} (${change?.reason ?? ''})`, `  ${path}`,
        ...(missing > 0 ? [`It needs ${missing} more signature${missing === 1 ? '' : 's'}: another officer runs \`label sign ${path} --root ${options.root} --key KEY\`, then it takes the place of ${options.status}.`] : ['Give it to every platform: `liberacces label update FILE`.'])].join('\n'),
    }
  }
}

/** `label revoke` */
export const labelRevoke = changing('revoke', 'revoked', 'withdraw a label for good: no installation any more, out of service after the notice')
/** `label suspend` */
export const labelSuspend = changing('suspend', 'suspended', 'suspend a label until it is clear what is wrong: no new installation; what runs goes on')
/** `label reinstate` */
export const labelReinstate = changing('reinstate', 'valid', 'end the suspension of a label')

/** `label refresh --status FILE`: the same list with today's date. */
export const labelRefresh: LabelCommand = (group, { folder, clock }, run) => {
  group.command('refresh')
    .description('sign the status list anew with today\'s date: platforms take an old one for stale')
    .requiredOption('--status <file>', 'the newest status list; it is replaced')
    .requiredOption('--root <file>', 'root of trust of the certifier')
    .requiredOption('--key <file>', 'key that signs; once each', collect)
    .option('--passphrase-file <file>', 'opens encrypted keys')
    .action((options: Options) => run(options, async () => {
      const root = readTrustRoot(await readNamed(folder, options.root))
      await requireNoneWaiting(folder, options.status)
      const next = nextStatusList(readStatusList(await readNamed(folder, options.status), root), clock())
      const bytes = signStatusList(next, await keysFrom(folder, options.key, options.passphraseFile))
      readStatusList(bytes, root)
      await writeWhole(resolve(folder, options.status), bytes)
      return { data: { ok: true, version: next.version, issued: next.issued }, text: `Status list, version ${next.version}, of ${next.issued}.` }
    }))
}
