import { describe, expect, test } from 'vitest'
import { pae, readEnvelope, readStatusList, readTrustRoot, requireContinuation, requireSuccessor, signersOf, unpackStates, packStates, writeEnvelope } from '@liberacces/core'
import { createPublicKey } from 'node:crypto'
import { changedStatus, nextStatusList, signStatusList } from '../../src/label/change-status.ts'
import { labelEnd } from '../../src/label/label-end.ts'
import { LabelError } from '../../src/label/label-error.ts'
import { addressesOf, makeRoot } from '../../src/label/make-root.ts'
import { makeOfficerKey, readOfficerKey } from '../../src/label/officer-key.ts'
import { signDocument, withSignature } from '../../src/label/sign-envelope.ts'
import { badgeOf } from '../../src/label/badge.ts'
import { ARCHIVE, certifier, codeOf, ID, labelled, reportOn, TODAY, verified } from './label-kit.ts'

const DAY = 86_400_000
const ours = certifier()
const { label, status, statement } = labelled(ours)

describe('signing', () => {
  test('[C350] what is signed is the encoding of DSSE, to the byte', () => {
    expect(pae('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
    expect(pae('é', Buffer.from('')).toString()).toBe('DSSEv1 2 é 0 ')
  })

  test('[C351] two of three officers make a label; one does not, whoever it is, and one who signs twice is one', () => {
    expect(verified(ours.root, label, status)).toMatchObject({ grade: 'silver', state: 'valid', warnings: [] })
    for (const key of ours.keys) {
      const alone = labelled(ours, { keys: [key, key] })
      expect(readEnvelope(alone.label, 'label').signatures).toHaveLength(1)
      expect(codeOf(() => verified(ours.root, alone.label, status))).toBe('LABEL_SIGNATURES')
      expect(codeOf(() => readStatusList(alone.status, readTrustRoot(ours.root)))).toBe('LABEL_SIGNATURES')
    }
  })

  test('[C351] a second officer adds a signature later, and then it holds', () => {
    const first = labelled(ours, { keys: ours.keys.slice(0, 1) })
    const [, , third] = ours.keys
    if (third === undefined) throw new Error('no third officer')
    const whole = writeEnvelope(withSignature(readEnvelope(first.label, 'label'), third))
    const list = writeEnvelope(withSignature(readEnvelope(first.status, 'list'), third))
    expect(verified(ours.root, whole, list).signers).toHaveLength(2)
  })

  test('[C352] officers of another certifier, or who may not speak for the verifier, sign in vain', () => {
    expect(codeOf(() => verified(ours.root, labelled(certifier()).label, status))).toBe('LABEL_ROOT_UNKNOWN')
    const [one, two] = ours.keys
    if (one === undefined || two === undefined) throw new Error('no officers')
    const foreign = signDocument('application/vnd.in-toto+json', { ...statement, predicate: { ...statement.predicate, verifier: { id: 'https://other.invalid/verifier/v1' } } }, [one, two])
    expect(codeOf(() => verified(ours.root, writeEnvelope(foreign), status))).toBe('LABEL_SIGNER')
  })
})

describe('verifying', () => {
  test('[C353] what fails first is told, in the order archive, signatures, signer, dates, kernel, status, grade', () => {
    const spoiled = labelled(ours, { keys: ours.keys.slice(0, 1) }).label
    const late = { now: TODAY + 400 * DAY }
    const other = Buffer.concat([ARCHIVE, Buffer.from('x')])
    expect([
      codeOf(() => verified(ours.root, spoiled, status, { ...late, archive: other })),
      codeOf(() => verified(ours.root, spoiled, status, late)),
      codeOf(() => verified(ours.root, label, undefined, { ...late, kernel: '9.0.0' })),
      codeOf(() => verified(ours.root, label, undefined, { kernel: '9.0.0', policy: { require: 'gold' } })),
      codeOf(() => verified(ours.root, label, undefined, { policy: { require: 'gold' } })),
      codeOf(() => verified(ours.root, label, status, { policy: { require: 'gold' } })),
      codeOf(() => verified(ours.root, label, status, { policy: { require: 'silver' } })),
    ]).toEqual(['LABEL_DIGEST', 'LABEL_SIGNATURES', 'LABEL_DATES', 'LABEL_KERNEL', 'LABEL_STATUS_STALE', 'LABEL_GRADE', undefined])
  })

  test('[C354] an old status list, or none, warns or blocks as the policy says', () => {
    const later = { now: TODAY + 31 * DAY }
    expect(codeOf(() => verified(ours.root, label, status, later))).toBe('LABEL_STATUS_STALE')
    expect(verified(ours.root, label, status, { ...later, policy: { onStale: 'warn' } }).warnings).toEqual(['The newest status list that is known is 31 days old; 30 are the most.'])
    expect(verified(ours.root, label, undefined, { policy: { onStale: 'warn' } }).warnings).toHaveLength(1)
    expect(verified(ours.root, label, status, { ...later, policy: { statusMaxAgeDays: 40 } }).warnings).toEqual([])
  })

  test('[C355] suspended and revoked are refused with reason and date, superseded is told; a suspension can end, a revocation cannot', () => {
    const root = readTrustRoot(ours.root)
    const change = (state: 'valid' | 'suspended' | 'revoked' | 'superseded', from = status): Buffer =>
      signStatusList(changedStatus(readStatusList(from, root), { idx: 0, state, reason: 'security', note: 'Fuite de données', appeal: 'https://gie.invalid/appeal' }, TODAY + DAY), ours.keys)
    const suspended = change('suspended')
    const now = { now: TODAY + 2 * DAY }
    expect(codeOf(() => verified(ours.root, label, suspended, now))).toBe('LABEL_SUSPENDED')
    expect(() => verified(ours.root, label, suspended, now)).toThrow('suspended since 2026-12-02T10:00:00Z (security: Fuite de données)')
    expect(verified(ours.root, label, change('valid', suspended), now).state).toBe('valid')
    expect(codeOf(() => verified(ours.root, label, change('revoked'), now))).toBe('LABEL_REVOKED')
    expect(() => change('valid', change('revoked'))).toThrow('is revoked, and stays so')
    expect(verified(ours.root, label, change('superseded'), now)).toMatchObject({ state: 'superseded', warnings: [expect.stringContaining('A newer label took the place')] })
  })

  test('[C356] a list that is older, rewritten or bent is no continuation of the one that is known', () => {
    const root = readTrustRoot(ours.root)
    const known = readStatusList(status, root)
    const next = nextStatusList(known, TODAY + DAY)
    expect(() => { requireContinuation(known, next) }).not.toThrow()
    for (const bad of [
      { ...known, version: 1 }, { ...next, labels: [] }, { ...known, issued: '2026-12-02T00:00:00Z' }, { ...next, labels: next.labels.map((each) => ({ ...each, sha256: '0'.repeat(64) })) }, { ...next, issued: '2026-01-01T00:00:00Z' }, { ...next, uri: 'https://other.invalid' },
    ]) expect(codeOf(() => { requireContinuation(known, bad) })).toBe('LABEL_LIST_REFUSED')
    const bent = { ...next, status_list: { bits: 2 as const, lst: packStates(['revoked']) } }
    expect(codeOf(() => readStatusList(signStatusList(bent, ours.keys), root))).toBe('LABEL_INVALID')
  })

  test('[C357] a place in the list belongs to one archive for ever; the same archive again supersedes its label', () => {
    const root = readTrustRoot(ours.root)
    const renewed = labelled(ours, { status: readStatusList(status, root), now: TODAY + DAY })
    expect(renewed.statement.predicate.status.idx).toBe(1)
    expect(readStatusList(renewed.status, root).states).toEqual(['superseded', 'valid'])
    const elsewhere = labelled(ours, { archive: Buffer.from([0x1f, 0x8b, 1]), report: reportOn(Buffer.from([0x1f, 0x8b, 1])) })
    expect(codeOf(() => verified(ours.root, label, elsewhere.status))).toBe('LABEL_REVOKED')
  })

  test('[C356] a new root needs enough keys of the one before it, and an older one is refused', () => {
    const old = readTrustRoot(ours.root)
    const made = [1, 2].map(() => makeOfficerKey())
    const fresh = made.map(({ privatePem }) => readOfficerKey(privatePem, 'key'))
    const officers = made.map(({ publicPem }) => ({ key: createPublicKey(publicPem), holder: 'Nouvelle' }))
    const plan = { id: ID, name: 'GIE d’essai', officers, threshold: 2, now: TODAY, previous: old }
    expect(codeOf(() => makeRoot({ ...plan, keys: fresh }))).toBe('LABEL_SIGNATURES')
    expect(codeOf(() => makeRoot({ ...plan, keys: [...fresh, ...ours.keys.slice(0, 1)] }))).toBe('LABEL_SIGNATURES')
    const next = readTrustRoot(makeRoot({ ...plan, keys: [...fresh, ...ours.keys.slice(0, 2)] }))
    expect(next.version).toBe(2)
    expect(codeOf(() => { requireSuccessor(next, old) })).toBe('LABEL_LIST_REFUSED')
    expect(signersOf(readEnvelope(label, 'label'), old.publicKeys, 'label')).toHaveLength(2)
  })
})

describe('issuing', () => {
  test('[C358] a label ends 12 months after its kernel, or 9 months after the next, whichever is later', () => {
    const releases = [{ minor: '0.1', released: '2026-01-31' }, { minor: '0.2', released: '2026-08-31' }, { minor: '1.0', released: '2026-09-01' }]
    expect(labelEnd('0.1.7', releases)).toBe('2027-05-31T00:00:00Z')
    expect(labelEnd('0.2.0', releases)).toBe('2027-08-31T00:00:00Z')
    expect(labelEnd('1.0.0', [{ minor: '1.0', released: '2024-02-29' }])).toBe('2025-02-28T00:00:00Z')
    expect(() => labelEnd('3.0.0', releases)).toThrow(LabelError)
  })

  test('[C359] only a whole run with nothing open is labelled: what failed, what a person must settle and what was left out say so', () => {
    const row = (status: 'fail' | 'review' | 'error') => reportOn(ARCHIVE, { verdict: status, checks: [...reportOn().checks, { id: 'A11Y-04', status, level: 'silver', gate: 'package', blocks: true }] })
    const exit = (body: () => unknown): number | undefined => {
      try {
        body()
        return undefined
      } catch (error) {
        if (error instanceof LabelError) return error.exit
        throw error
      }
    }
    const waiver = { check: 'A11Y-04', reason: 'Grille en cours d’audit', expires: '2026-12-01', signer: 'Officier 1' }
    expect({
      failed: exit(() => labelled(ours, { report: row('fail') })),
      waived: exit(() => labelled(ours, { report: row('fail'), decisions: { waivers: [waiver] } })),
      waivedOver: exit(() => labelled(ours, { report: row('fail'), decisions: { waivers: [{ ...waiver, expires: '2026-11-30' }] } })),
      waivedSafety: exit(() => labelled(ours, { report: reportOn(ARCHIVE, { verdict: 'fail', checks: [...reportOn().checks, { id: 'SEC-01', status: 'fail', level: 'bronze', gate: 'static', blocks: true }] }), decisions: { waivers: [{ ...waiver, check: 'SEC-01' }] } })),
      waivedNothing: exit(() => labelled(ours, { decisions: { waivers: [{ ...waiver, check: 'NONE-01' }] } })),
      gateSkipped: exit(() => labelled(ours, { report: reportOn(ARCHIVE, { checks: [...reportOn().checks, { id: 'TEN-01', status: 'skip', level: 'bronze', gate: 'kernel', blocks: false }] }) })),
      review: exit(() => labelled(ours, { report: row('review') })),
      reviewed: exit(() => labelled(ours, { report: row('review'), decisions: { reviews: [{ check: 'A11Y-04', finding: 'Grille RGAA signée', by: 'Officier 1' }] } })),
      error: exit(() => labelled(ours, { report: row('error') })),
      only: exit(() => labelled(ours, { report: reportOn(ARCHIVE, { only: ['MAN-01'] }) })),
      baseline: exit(() => labelled(ours, { report: reportOn(ARCHIVE, { baseline: { spared: 1 } }) })),
      other: exit(() => labelled(ours, { report: reportOn(Buffer.from('other')) })),
      nothingRan: exit(() => labelled(ours, { report: reportOn(ARCHIVE, { grade: 'gold' }) })),
    }).toEqual({ failed: 1, waived: undefined, waivedOver: 1, waivedSafety: 1, waivedNothing: 1, gateSkipped: 1, review: 3, reviewed: undefined, error: 1, only: 1, baseline: 1, other: 1, nothingRan: 1 })
  })

  test('[C544] no label of any grade is given while something of an example is left, and a waiver does not help', () => {
    const example = { id: 'OPS-04', status: 'fail', level: 'gold', gate: 'package', blocks: false, forLabel: true } as const
    const report = reportOn(ARCHIVE, { checks: [...reportOn().checks, example] })
    expect(() => labelled(ours, { report })).toThrow('agenda 1.2.0 is not ready for a label of any grade: OPS-04.')
    expect(() => labelled(ours, { report, decisions: { waivers: [{ check: 'OPS-04', reason: 'Later', expires: '2026-12-05', signer: 'Officier 1' }] } })).toThrow('A waiver is of OPS-04, which every label asks for.')
    expect(labelled(ours, { report: reportOn(ARCHIVE, { checks: [...reportOn().checks, { ...example, status: 'pass' }] }) }).statement.predicate.grade).toBe('silver')
  })

  test('[C359] the label names the checks of its grade that were skipped, and a waiver holds on its last day to the end', () => {
    const skip = (id: string, level: 'bronze' | 'gold') => ({ id, status: 'skip', level, gate: 'package', blocks: false }) as const
    const waiver = { check: 'A11Y-04', reason: 'Grille en cours d’audit', expires: '2026-12-05', signer: 'Officier 1' }
    const failing = { id: 'A11Y-04', status: 'fail', level: 'silver', gate: 'package', blocks: true } as const
    const made = labelled(ours, { report: reportOn(ARCHIVE, { verdict: 'fail', checks: [...reportOn().checks, failing, skip('SEC-04', 'bronze'), skip('LIF-09', 'gold')] }), decisions: { waivers: [waiver] } })
    expect(made.statement.predicate).toMatchObject({ skipped: ['SEC-04'], waivers: [waiver] })
    const warnings = (day: string): readonly string[] => verified(ours.root, made.label, made.status, { now: Date.parse(day) }).warnings
    expect([warnings('2026-12-05T23:59:59Z'), warnings('2026-12-06T00:00:00Z')]).toEqual([[], ['The waiver of A11Y-04 ran out after 2026-12-05.']])
  })

  test('[C360] the states are packed as the Token Status List asks', () => {
    // Two bits each, the lowest first: the example of the draft, of the bytes c9, 44 and f9.
    const states = ['revoked', 'suspended', 'valid', 'superseded', 'valid', 'revoked', 'valid', 'revoked', 'revoked', 'suspended', 'superseded', 'superseded'] as const
    expect(packStates(states)).toBe('eNo76fITAAPfAgc')
    expect(unpackStates('eNo76fITAAPfAgc', 12)).toEqual(states)
    expect(addressesOf(ID).status).toBe('https://gie.invalid/status/1')
  })

  test('[C361] a badge is text that can be read aloud, with version, grade and end, and nothing in it can be broken out of', () => {
    const svg = badgeOf({ title: '<script>"agenda"', version: '1.2.0', grade: 'silver', kernelRange: '~0.1.0', notAfter: '2027-11-26T00:00:00Z', register: 'https://registre.invalid/agenda?a=1&b=2' })
    expect(svg).toContain('role="img"')
    expect(svg).toContain('<title id="titre">Application compatible : &lt;script&gt;&quot;agenda&quot; 1.2.0</title>')
    expect(svg).toContain('Niveau argent, jusqu’au 26 novembre 2027')
    expect(svg).not.toContain('<script')
  })
})
