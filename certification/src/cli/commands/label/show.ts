import { IN_TOTO_TYPE, looksLikeBundle, readBundle, readEnvelope, readLabel, readTrustRoot, ROOT_TYPE, STATUS_TYPE, documentIn, StatusListSchema, statesOfDocument, lastChange } from '@liberacces/core'
import { LabelError } from '../../../label/label-error.ts'
import type { LabelAnswer, LabelCommand } from './label-command.ts'
import { readNamed } from './label-files.ts'

/** `label show FILE`: what it says, verified or not. */
export const labelShow: LabelCommand = (group, { folder }, run) => {
  group.command('show')
    .description('say what is in a label, bundle, status list or root of trust, without verifying it')
    .argument('<file>', 'a .labelbundle, .label.json, status list or root of trust')
    .action((file: string, options: { readonly json?: boolean }) => run(options, async () => {
      const bytes = await readNamed(folder, file)
      if (looksLikeBundle(bytes)) {
        const { 'label.json': label, ...others } = readBundle(bytes)
        const shown = showLabel(label)
        return { data: { ...shown.data, parts: ['label.json', ...Object.keys(others)] }, text: `${shown.text}\n  parts    ${['label.json', ...Object.keys(others)].join(', ')}` }
      }
      return showDocument(bytes, file)
    }))
}

/** What a signed document says. @param last - how far that was verified @throws LabelError, PlatformError `LABEL_INVALID` */
export function showDocument(bytes: Buffer, file: string, last?: string): LabelAnswer {
  const envelope = readEnvelope(bytes, file)
  switch (envelope.payloadType) {
    case IN_TOTO_TYPE: return showLabel(bytes, last)
    case STATUS_TYPE: return showStatus(envelope, last)
    case ROOT_TYPE: return showRoot(bytes)
    default: throw new LabelError(`${file} is a signed document of another kind (${JSON.stringify(envelope.payloadType.slice(0, 100))}).`, 'Give a label, a status list or a root of trust.', 2)
  }
}

const UNVERIFIED = 'Not verified: use `label verify`.'

function showLabel(bytes: Buffer, last = UNVERIFIED): LabelAnswer {
  const { envelope, statement } = readLabel(bytes)
  const { plugin, grade, vendor, kernelRange, notBefore, notAfter, status, waivers, skipped = [], reviews, catalogue, seed, verifier } = statement.predicate
  return {
    data: { kind: 'label', verified: false, signatures: envelope.signatures.map(({ keyid }) => keyid), statement },
    text: [
      `${plugin.id} ${plugin.version}, by ${vendor}: ${statement.predicate.label}, grade ${grade}`, `  verifier ${verifier.id}`, `  kernels  ${kernelRange}`, `  from     ${notBefore}`, `  until    ${notAfter}`,
      `  status   place ${status.idx} of ${status.uri}`, `  checks   catalogue ${catalogue.version}, seed ${seed}`, `  archive  ${statement.subject[0]?.digest.sha256 ?? ''}`,
      ...waivers.map(({ check, reason, expires }) => `  waiver   ${check} until ${expires}: ${reason}`), ...reviews.map(({ check, finding, by }) => `  review   ${check}, by ${by}: ${finding}`),
      ...(skipped.length === 0 ? [] : [`  skipped  ${skipped.join(', ')}`]),
      `  signed   ${envelope.signatures.map(({ keyid }) => keyid.slice(0, 16)).join(', ') || 'by nobody'}`, last,
    ].join('\n'),
  }
}

function showStatus(envelope: ReturnType<typeof readEnvelope>, last = UNVERIFIED): LabelAnswer {
  const list = documentIn(envelope, STATUS_TYPE, StatusListSchema, 'The status list')
  const states = statesOfDocument(list)
  const labels = list.labels.map((label, idx) => ({ idx, ...label, state: states[idx], change: lastChange(list, idx) }))
  return {
    data: { kind: 'status', verified: false, uri: list.uri, version: list.version, issued: list.issued, labels, history: list.history },
    text: [`Status list ${list.uri}, version ${list.version} of ${list.issued}`, ...labels.map(({ idx, plugin, version, state, change }) => `  ${idx}  ${plugin} ${version}  ${state ?? ''}${change === undefined ? '' : ` since ${change.at} (${change.reason})`}`), last].join('\n'),
  }
}

function showRoot(bytes: Buffer): LabelAnswer {
  const { id, name, version, issued, expires, keys, roles, verifiers, fingerprint } = readTrustRoot(bytes)
  return {
    data: { kind: 'root', verified: false, id, name, version, issued, expires, keys, roles, verifiers, fingerprint },
    text: [`Root of trust of ${name} (${id}), version ${version}, until ${expires}`, `  fingerprint  ${fingerprint}`, ...Object.entries(keys).map(([keyid, { holder }]) => `  ${keyid.slice(0, 16)}  ${holder}`), `  labels need ${roles.label.threshold} of ${roles.label.keyids.length} signatures`, 'It signed itself. Whether to trust it is for you to say: compare the fingerprint.'].join('\n'),
  }
}
