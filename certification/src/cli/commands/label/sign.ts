import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { labelBeside, readEnvelope, readLabel, readStatusList, readTrustRoot, ROOT_TYPE, signersOf, STATUS_TYPE, writeEnvelope, type TrustRoot } from '@liberacces/core'
import { readCertifyReport } from '../../../label/certify-report.ts'
import { readDecisions } from '../../../label/decisions.ts'
import { issueLabel } from '../../../label/issue-label.ts'
import { LabelError } from '../../../label/label-error.ts'
import type { OfficerKey } from '../../../label/officer-key.ts'
import { withSignature } from '../../../label/sign-envelope.ts'
import { collect, type LabelAnswer, type LabelCommand } from './label-command.ts'
import { keysFrom, readNamed, requireNoneWaiting, writeWhole } from './label-files.ts'
import { showDocument } from './show.ts'

interface Options {
  readonly key: readonly string[]
  readonly report?: string
  readonly root?: string
  readonly status?: string
  readonly vendor?: string
  readonly decisions?: string
  readonly sbom?: string
  readonly kernelRange?: string
  readonly passphraseFile?: string
  readonly json?: boolean
}

/** `label sign ARCHIVE --report … --root … --status … --vendor … --key …`, or `label sign DOCUMENT --root … --key …` */
export const labelSign: LabelCommand = (group, { folder, clock }, run) => {
  group.command('sign')
    .description('label an archive by its report; or add a signature to a label, status list or root that another officer signed')
    .argument('<file>', 'an archive (.tgz), or a signed document (.json)')
    .requiredOption('--key <file>', 'key that signs; once each', collect)
    .option('--report <file>', 'what `liberacces-certify PATH --format json` wrote on this archive')
    .option('--root <file>', 'root of trust of the certifier')
    .option('--status <file>', 'its newest status list: it is replaced by one with the new label')
    .option('--vendor <name>', 'whose plugin it is')
    .option('--decisions <file>', 'reviews that people made, and waivers')
    .option('--sbom <file>', 'bill of materials (CycloneDX) that goes with it')
    .option('--kernel-range <range>', 'kernels it is for (~x.y.0 of the one it was tested on)')
    .option('--passphrase-file <file>', 'opens encrypted keys')
    .action((file: string, options: Options) => run(options, async () => {
      const keys = await keysFrom(folder, options.key, options.passphraseFile)
      const bytes = await readNamed(folder, file)
      return bytes[0] === 0x1f && bytes[1] === 0x8b ? label(folder, file, bytes, options, keys, clock()) : coSign(folder, file, bytes, options.root, keys)
    }))
}

async function label(folder: string, file: string, archive: Buffer, options: Options, keys: readonly OfficerKey[], now: number): Promise<LabelAnswer> {
  const { report, root: rootFile, status: statusFile, vendor } = options
  if (report === undefined || rootFile === undefined || statusFile === undefined || vendor === undefined) throw new LabelError('An archive is labelled with --report, --root, --status and --vendor.', 'Give all four; see `label sign --help`.', 2)
  const root = readTrustRoot(await readNamed(folder, rootFile))
  await requireNoneWaiting(folder, statusFile)
  const status = readStatusList(await readNamed(folder, statusFile), root)
  const sbom = options.sbom === undefined ? undefined : await readNamed(folder, options.sbom)
  const issued = issueLabel({
    archive, root, status, vendor, keys, now,
    report: readCertifyReport((await readNamed(folder, report)).toString(), report),
    ...(options.decisions === undefined ? {} : { decisions: readDecisions((await readNamed(folder, options.decisions)).toString(), options.decisions) }),
    ...(options.kernelRange === undefined ? {} : { kernelRange: options.kernelRange }), ...(sbom === undefined ? {} : { sbom }),
  })
  const path = labelBeside(resolve(folder, file))
  const { grade, plugin, notAfter, status: { idx } } = issued.statement.predicate
  const missing = root.roles.label.threshold - keys.filter(({ keyid }) => root.roles.label.keyids.includes(keyid)).length
  if (missing > 0) await requireNoneFinished(path, root)
  // A list that is not signed by enough stands beside the one that is, until it is.
  const statusPath = missing > 0 ? `${resolve(folder, statusFile)}.next` : resolve(folder, statusFile)
  await writeWhole(path, issued.label)
  await writeWhole(path.replace(/\.label\.json$/, '.test-result.json'), issued.testResult)
  await writeWhole(statusPath, issued.status)
  return {
    data: { ok: true, id: plugin.id, version: plugin.version, grade, idx, notAfter, label: path, status: statusPath, missingSignatures: Math.max(0, missing) },
    text: [`${missing > 0 ? 'Begun a label of' : 'Labelled'} ${plugin.id} ${plugin.version}: ${grade}, until ${notAfter.slice(0, 10)}, place ${idx} of the status list`, `  ${path}`, `  ${statusPath}`,
      ...(issued.statement.predicate.skipped?.length ? [`  skipped: ${issued.statement.predicate.skipped.join(', ')}`] : []), ...(missing > 0 ? [`It needs ${missing} more signature${missing === 1 ? '' : 's'}: another officer runs \`label sign FILE --root ${rootFile} --key KEY\` on both files, then the list takes the place of ${statusFile}.`] : [])].join('\n'),
  }
}

/** A label that holds is not given up for one that others have still to sign. */
async function requireNoneFinished(path: string, root: TrustRoot): Promise<void> {
  const there = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (there === undefined || signersOf(readEnvelope(there, path), root.publicKeys, path).length < root.roles.label.threshold) return
  throw new LabelError(`${path} is a label that holds already, and this one would lack signatures.`, 'Sign with enough keys at once, or move the old label away first.')
}

async function coSign(folder: string, file: string, bytes: Buffer, rootFile: string | undefined, keys: readonly OfficerKey[]): Promise<LabelAnswer> {
  const before = readEnvelope(bytes, file)
  // Says what it is, and refuses what is of no known kind.
  showDocument(bytes, file)
  const root = before.payloadType === ROOT_TYPE ? readTrustRoot(bytes) : await rootFor(folder, file, rootFile)
  signersOf(before, root.publicKeys, file)
  for (const { keyid } of keys) {
    if (!mayEnter(before.payloadType, bytes, root, keyid)) throw new LabelError(`The key ${keyid.slice(0, 16)} may not sign ${file} by the root of trust of ${root.name}.`, 'Give a key of an officer who has that role; see `label show ROOT`.')
  }
  const envelope = keys.reduce(withSignature, before)
  const signed = writeEnvelope(envelope)
  await writeWhole(resolve(folder, file), signed)
  const shown = showDocument(signed, file, `Every signature is of an officer of ${root.name}.`)
  return { data: { ok: true, file: resolve(folder, file), payloadType: envelope.payloadType, signatures: envelope.signatures.map(({ keyid }) => keyid) }, text: `${shown.text}\n${file} has ${envelope.signatures.length} signature${envelope.signatures.length === 1 ? '' : 's'} now.` }
}

async function rootFor(folder: string, file: string, rootFile: string | undefined): Promise<TrustRoot> {
  if (rootFile === undefined) throw new LabelError(`Who may sign ${file} stands in the root of trust.`, 'Give it: --root FILE.', 2)
  return readTrustRoot(await readNamed(folder, rootFile))
}

function mayEnter(payloadType: string, bytes: Buffer, root: TrustRoot, keyid: string): boolean {
  if (payloadType === ROOT_TYPE) return root.publicKeys.has(keyid)
  if (payloadType === STATUS_TYPE) return root.roles.status.keyids.includes(keyid)
  return root.roles.label.keyids.includes(keyid) && root.verifiers[readLabel(bytes).statement.predicate.verifier.id]?.includes(keyid) === true
}
