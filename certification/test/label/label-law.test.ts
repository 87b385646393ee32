import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBundle, readStatusList, readTrustRoot, requireInputs, withBundled, writeBundle, type FoundLabel } from '@liberacces/core'
import { ARCHIVE, certifier, codeOf, labelled, verified } from './label-kit.ts'

const ours = certifier()
const { label, status, testResult, statement } = labelled(ours)
const bundle = writeBundle({ 'package.tgz': ARCHIVE, 'label.json': label, 'root.json': ours.root, 'status.json': status, 'test-result.json': testResult })

/** What happens to a file: a byte becomes another, the rest is cut off, or something follows. */
type Spoiling = { readonly kind: 'flip'; readonly at: number; readonly by: number } | { readonly kind: 'cut'; readonly at: number } | { readonly kind: 'add'; readonly length: number }

const spoilings = (bytes: Buffer): fc.Arbitrary<Spoiling> => fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('flip' as const), at: fc.nat(bytes.length - 1), by: fc.integer({ min: 1, max: 255 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat(bytes.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('add' as const), length: fc.integer({ min: 1, max: 1_100 }) }) },
)

function spoiled(bytes: Buffer, spoiling: Spoiling): Buffer {
  switch (spoiling.kind) {
    case 'cut': return bytes.subarray(0, spoiling.at)
    case 'add': return Buffer.concat([bytes, Buffer.alloc(spoiling.length)])
    case 'flip': {
      const changed = Buffer.from(bytes)
      changed[spoiling.at] = (changed[spoiling.at] ?? 0) ^ spoiling.by
      return changed
    }
    default: return spoiling satisfies never
  }
}

/** However a file is spoiled, it is refused with a code of labels. */
function refusesAll(bytes: Buffer, read: (bytes: Buffer) => unknown, numRuns: number): void {
  fc.assert(fc.property(spoilings(bytes), (spoiling) => { expect(codeOf(() => read(spoiled(bytes, spoiling)))).toMatch(/^LABEL_/) }), { numRuns })
}

function bundleHolds(bytes: Buffer): boolean {
  const { 'package.tgz': archive, 'label.json': ofLabel, 'root.json': root, 'status.json': list, 'test-result.json': result } = readBundle(bytes)
  const found: FoundLabel = { archive, label: ofLabel, root, ...(list === undefined ? {} : { status: list }), ...(result === undefined ? {} : { testResult: result }) }
  withBundled({ roots: [readTrustRoot(ours.root)], lists: [] }, found)
  requireInputs(verified(ours.root, ofLabel, list, { archive }).statement, found)
  return true
}

test('[C362] a changed byte, a cut or an addition, wherever it is, and a label does not verify', () => {
  expect(codeOf(() => verified(ours.root, label, status))).toBeUndefined()
  refusesAll(label, (bytes) => verified(ours.root, bytes, status), 600)
})

test('[C362] a changed byte in a status list or in a root of trust spoils it', () => {
  const root = readTrustRoot(ours.root)
  expect(codeOf(() => readStatusList(status, root))).toBeUndefined()
  refusesAll(status, (bytes) => readStatusList(bytes, root), 700)
  refusesAll(ours.root, readTrustRoot, 700)
})

test('[C362] a changed byte in a bundle spoils it, in the padding too', () => {
  expect(bundleHolds(bundle)).toBe(true)
  refusesAll(bundle, bundleHolds, 600)
})

test('[C363] of any officers, a label holds exactly when as many signed as the threshold says', () => {
  const byThreshold = new Map([1, 2, 3].map((threshold) => [threshold, certifier(threshold)] as const))
  fc.assert(fc.property(fc.integer({ min: 1, max: 3 }), fc.subarray([0, 1, 2]), (threshold, signing) => {
    const theirs = byThreshold.get(threshold)
    if (theirs === undefined) throw new Error('no certifier')
    const made = labelled(theirs, { keys: theirs.keys.filter((_, index) => signing.includes(index)) })
    const whole = labelled(theirs, { keys: theirs.keys })
    expect(codeOf(() => verified(theirs.root, made.label, whole.status))).toBe(signing.length >= threshold ? undefined : 'LABEL_SIGNATURES')
  }), { numRuns: 40 })
  expect(statement.predicate.status.idx).toBe(0)
})
