import { DEFAULT_LABEL_POLICY, GRADES, type LabelPolicy } from '@liberacces/core'
import { Option } from 'commander'
import { collect, momentOption, wholeNumber, type LabelCommand } from './label-command.ts'
import { foundAt, verifiedLabel } from './verified-label.ts'

interface Options {
  readonly root: readonly string[]
  readonly status?: string
  readonly kernel?: string
  readonly require: LabelPolicy['require']
  readonly statusMaxAge: number
  readonly onStale: LabelPolicy['onStale']
  readonly at?: number
  readonly json?: boolean
}

/** `label verify FILE --root FILE…` */
export const labelVerify: LabelCommand = (group, { folder, clock }, run) => {
  group.command('verify')
    .description('verify a label offline: archive, signatures, who may speak, dates, kernel, status, grade; exit 1 says which fails')
    .argument('<file>', 'a .labelbundle, an archive with its .label.json beside it, or that .label.json')
    .requiredOption('--root <file>', 'root of trust that you trust; once each', collect)
    .option('--status <file>', 'a status list newer than the one in the bundle')
    .option('--kernel <version>', 'version of the kernel it is to run on (of this platform)')
    .addOption(new Option('--require <grade>', 'least grade').choices(['none', ...GRADES]).default(DEFAULT_LABEL_POLICY.require))
    .option('--status-max-age <days>', 'how old the status list may be', wholeNumber(1, 365), DEFAULT_LABEL_POLICY.statusMaxAgeDays)
    .addOption(new Option('--on-stale <what>', 'what an older list does').choices(['warn', 'block']).default('block'))
    .option('--at <day>', 'as of that day', momentOption)
    .action((file: string, options: Options) => run(options, async () => {
      const policy: LabelPolicy = { require: options.require, statusMaxAgeDays: options.statusMaxAge, onStale: options.onStale }
      const { statement: { predicate, subject }, root, signers, grade, state, warnings } = await verifiedLabel(folder, await foundAt(folder, file), { ...options, policy, now: options.at ?? clock() })
      const { plugin: { id, version }, kernelRange, notAfter, status } = predicate
      return {
        data: { ok: true, id, version, grade, state, kernelRange, notAfter, status, digest: subject[0]?.digest, root: { id: root.id, version: root.version, fingerprint: root.fingerprint }, signers, warnings },
        text: [
          `${id} ${version} bears the label ${predicate.label}, grade ${grade}.`, `  by       ${root.name} (${signers.map((keyid) => root.keys[keyid]?.holder ?? keyid).join(', ')})`,
          `  kernels  ${kernelRange}`, `  until    ${notAfter}`, `  status   ${state}`, ...warnings.map((warning) => `  warning  ${warning}`),
        ].join('\n'),
      }
    }))
}
