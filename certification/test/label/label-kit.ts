import { createPublicKey } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { archiveDigests, DEFAULT_LABEL_POLICY, digestOf, platformVersion, readStatusList, readTrustRoot, verifyLabel, type LabelPolicy, type TrustRoot, type VerifiedLabel } from '@liberacces/core'
import type { CertifyReport } from '../../src/label/certify-report.ts'
import { emptyStatusList, signStatusList } from '../../src/label/change-status.ts'
import { issueLabel, type IssuedLabel, type LabelPlan } from '../../src/label/issue-label.ts'
import { addressesOf, makeRoot } from '../../src/label/make-root.ts'
import { makeOfficerKey, readOfficerKey, type OfficerKey } from '../../src/label/officer-key.ts'

/** A day on which everything in these tests holds. */
export const TODAY = Date.parse('2026-12-01T10:00:00Z')
const KERNEL = platformVersion()
export const ID = 'https://gie.invalid'

/** A certifier of three officers, any `threshold` of whom sign. */
export interface Certifier {
  readonly keys: readonly OfficerKey[]
  readonly root: Buffer
  readonly status: Buffer
}

export function certifier(threshold = 2, id = ID): Certifier {
  const made = [1, 2, 3].map(() => makeOfficerKey())
  const keys = made.map(({ privatePem }) => readOfficerKey(privatePem, 'key'))
  const officers = made.map(({ publicPem }, index) => ({ key: createPublicKey(publicPem), holder: `Officier ${index + 1}` }))
  return {
    keys, root: makeRoot({ id, name: 'GIE d’essai', officers, threshold, now: TODAY, keys }),
    status: signStatusList(emptyStatusList(addressesOf(ID).status, TODAY), keys),
  }
}

/** The next root of a certifier, all of whose officers are new ones; the old ones sign it too. */
export function rotated(ours: Certifier): Pick<Certifier, 'keys' | 'root'> {
  const made = [1, 2, 3].map(() => makeOfficerKey())
  const keys = made.map(({ privatePem }) => readOfficerKey(privatePem, 'key'))
  const officers = made.map(({ publicPem }, index) => ({ key: createPublicKey(publicPem), holder: `Nouvelle ${index + 1}` }))
  return { keys, root: makeRoot({ id: ID, name: 'GIE d’essai', officers, threshold: 2, now: TODAY, previous: readTrustRoot(ours.root), keys: [...keys, ...ours.keys] }) }
}

/** Bytes that begin as an archive does. */
export const ARCHIVE = gzipSync('an archive')

/** What the harness says of {@link ARCHIVE}. */
export function reportOn(archive: Uint8Array = ARCHIVE, more: Partial<CertifyReport> = {}): CertifyReport {
  return {
    plugin: { id: 'agenda', version: '1.2.0', digest: digestOf(archive) }, verdict: 'pass', grade: 'silver', seed: 42, platform: KERNEL, troubles: [], waivers: [],
    catalogue: { version: '1', digest: digestOf(Buffer.from('catalogue')) }, harness: { version: '0.1.0', digest: digestOf(Buffer.from('harness')) }, inputs: [],
    checks: [{ id: 'MAN-01', status: 'pass', level: 'bronze', gate: 'package', blocks: false }, { id: 'LIC-03', status: 'pass', level: 'silver', gate: 'package', blocks: false }], ...more,
  }
}

/** A label of {@link ARCHIVE}. */
export function labelled({ keys, root, status }: Certifier, more: Partial<LabelPlan> = {}): IssuedLabel {
  const trusted = readTrustRoot(root)
  return issueLabel({
    archive: ARCHIVE, report: reportOn(), vendor: 'Exemple SARL', root: trusted, status: readStatusList(status, trusted),
    keys: keys.slice(0, 2), now: TODAY, ...more,
  })
}

const roots = new WeakMap<Buffer, TrustRoot>()

function trustedOnce(bytes: Buffer): TrustRoot {
  const known = roots.get(bytes) ?? readTrustRoot(bytes)
  roots.set(bytes, known)
  return known
}

/** Verifies a label as a kernel would that trusts this root. */
export function verified(root: Buffer, label: Uint8Array, status: Uint8Array | undefined, more: { readonly policy?: Partial<LabelPolicy>; readonly now?: number; readonly kernel?: string; readonly archive?: Uint8Array } = {}): VerifiedLabel {
  const trusted = trustedOnce(root)
  const list = status === undefined ? undefined : readStatusList(status, trusted)
  return verifyLabel(label, {
    archive: archiveDigests(more.archive ?? ARCHIVE), roots: [trusted], statusOf: (uri, rootId) => (list?.uri === uri && list.rootId === rootId ? list : undefined),
    policy: { ...DEFAULT_LABEL_POLICY, onStale: 'block', ...more.policy }, kernel: more.kernel ?? KERNEL, now: more.now ?? TODAY,
  })
}

/** The code of the refusal that a body ends with. */
export function codeOf(body: () => unknown): string | undefined {
  try {
    body()
    return undefined
  } catch (error) {
    return (error as { readonly code?: string }).code ?? `no code: ${String(error)}`
  }
}
