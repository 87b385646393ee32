import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readEnvelope, writeEnvelope } from '@liberacces/core'
import { runCertify } from '../../src/cli/run-certify.ts'
import { makeOfficerKey, readOfficerKey } from '../../src/label/officer-key.ts'
import { signDocument } from '../../src/label/sign-envelope.ts'
import { ARCHIVE, reportOn, TODAY } from './label-kit.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'label-')) })
afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

interface Ran { readonly exit: number; readonly out: string; readonly err: string }
async function certify(...argv: readonly string[]): Promise<Ran> {
  let out = ''
  let err = ''
  const exit = await runCertify(argv, folder, { out: (text) => { out += text }, err: (text) => { err += text }, clock: () => TODAY })
  return { exit, out, err }
}

const KEYS = ['--key', 'gie/officer-1.pem', '--key', 'gie/officer-2.pem']
const TRUST = ['--root', 'gie/root.json', '--status', 'gie/status.json']

test('[C364] keys, label, verify, bundle, suspend, revoke: each command does its part, offline, with the exit codes that are promised', async () => {
  expect(await certify('label', 'keys', '--demo', '--out', 'gie')).toMatchObject({ exit: 0, err: '' })
  expect((await stat(join(folder, 'gie/officer-1.pem'))).mode & 0o077).toBe(0)
  // Keys are not overwritten.
  expect((await certify('label', 'keys', '--demo', '--out', 'gie')).exit).toBe(2)

  await writeFile(join(folder, 'agenda-1.2.0.tgz'), ARCHIVE)
  await writeFile(join(folder, 'report.json'), JSON.stringify(reportOn()))
  const signing = ['label', 'sign', 'agenda-1.2.0.tgz', '--report', 'report.json', ...TRUST, '--vendor', 'Exemple SARL']
  expect(await certify(...signing, ...KEYS)).toMatchObject({ exit: 0, err: '', out: expect.stringContaining('Labelled agenda 1.2.0: silver') })
  expect(await certify('label', 'verify', 'agenda-1.2.0.tgz', ...TRUST, '--require', 'silver')).toMatchObject({ exit: 0, out: expect.stringContaining('bears the label Application compatible, grade silver') })
  expect(await certify('label', 'verify', 'agenda-1.2.0.label.json', ...TRUST, '--require', 'gold')).toMatchObject({ exit: 1, err: expect.stringContaining('(LABEL_GRADE)') })
  expect(JSON.parse((await certify('label', 'verify', 'agenda-1.2.0.tgz', ...TRUST, '--at', '2099-01-01', '--json')).out)).toMatchObject({ ok: false, code: 'LABEL_DATES' })

  expect((await certify('label', 'bundle', 'agenda-1.2.0.tgz', ...TRUST)).exit).toBe(0)
  // The bundle brings its own status list; the root must be trusted by another way.
  expect((await certify('label', 'verify', 'agenda-1.2.0.labelbundle', '--root', 'gie/root.json')).exit).toBe(0)
  expect((await certify('label', 'verify', 'agenda-1.2.0.labelbundle')).exit).toBe(2)
  expect((await certify('label', 'show', 'agenda-1.2.0.labelbundle')).out).toContain('Not verified')
  expect((await certify('label', 'badge', 'agenda-1.2.0.labelbundle', ...TRUST)).exit).toBe(0)
  expect(await readFile(join(folder, 'agenda-1.2.0.svg'), 'utf8')).toContain('Niveau argent')

  const suspended = await certify('label', 'suspend', 'agenda@1.2.0', ...TRUST, ...KEYS, '--reason', 'security', '--note', 'On regarde')
  expect(suspended).toMatchObject({ exit: 0, err: '' })
  expect(await certify('label', 'verify', 'agenda-1.2.0.labelbundle', ...TRUST)).toMatchObject({ exit: 1, err: expect.stringContaining('(LABEL_SUSPENDED)') })
  expect((await certify('label', 'suspend', '0', ...TRUST, ...KEYS, '--reason', 'security')).exit).toBe(1)
  expect((await certify('label', 'reinstate', '0', ...TRUST, ...KEYS, '--reason', 'cleared')).exit).toBe(0)
  expect((await certify('label', 'verify', 'agenda-1.2.0.labelbundle', ...TRUST)).exit).toBe(0)
  expect((await certify('label', 'revoke', 'agenda@1.2.0', ...TRUST, ...KEYS, '--reason', 'security', '--disable-in', '10')).exit).toBe(0)
  expect(await certify('label', 'verify', 'agenda-1.2.0.tgz', ...TRUST)).toMatchObject({ exit: 1, err: expect.stringContaining('(LABEL_REVOKED)') })
  expect((await certify('label', 'reinstate', '0', ...TRUST, ...KEYS, '--reason', 'cleared')).exit).toBe(1)
  expect((await certify('label', 'show', 'gie/status.json')).out).toMatch(/0 {2}agenda 1\.2\.0 {2}revoked since/)
})

test('[C365] one officer alone makes no list that holds: it waits beside the old one until another signs', async () => {
  await certify('label', 'keys', '--demo', '--out', 'two')
  await writeFile(join(folder, 'two-1.2.0.tgz'), ARCHIVE)
  await writeFile(join(folder, 'two.json'), JSON.stringify(reportOn()))
  const before = await readFile(join(folder, 'two/status.json'))
  const one = await certify('label', 'sign', 'two-1.2.0.tgz', '--report', 'two.json', '--root', 'two/root.json', '--status', 'two/status.json', '--vendor', 'V', '--key', 'two/officer-1.pem')
  expect(one).toMatchObject({ exit: 0, out: expect.stringContaining('It needs 1 more signature') })
  expect(await readFile(join(folder, 'two/status.json'))).toEqual(before)
  // Nothing else is made of the old list until then: it would give the same place again.
  const other = ['--root', 'two/root.json', '--status', 'two/status.json', '--key', 'two/officer-1.pem', '--key', 'two/officer-2.pem']
  for (const argv of [['sign', 'two-1.2.0.tgz', '--report', 'two.json', '--vendor', 'V'], ['revoke', '0', '--reason', 'security'], ['refresh']]) {
    expect(await certify('label', ...argv, ...other)).toMatchObject({ exit: 1, err: expect.stringContaining('status.json.next waits for signatures') })
  }
  const verify = ['label', 'verify', 'two-1.2.0.tgz', '--root', 'two/root.json', '--status', 'two/status.json.next']
  expect(await certify(...verify)).toMatchObject({ exit: 1, err: expect.stringContaining('(LABEL_SIGNATURES)') })
  for (const file of ['two-1.2.0.label.json', 'two/status.json.next']) expect((await certify('label', 'sign', file, '--root', 'two/root.json', '--key', 'two/officer-3.pem')).exit).toBe(0)
  expect((await certify(...verify)).exit).toBe(0)
  // What holds now is not given up for one that would wait again.
  await rename(join(folder, 'two/status.json.next'), join(folder, 'two/status.json'))
  const held = await readFile(join(folder, 'two-1.2.0.label.json'))
  const again = await certify('label', 'sign', 'two-1.2.0.tgz', '--report', 'two.json', '--root', 'two/root.json', '--status', 'two/status.json', '--vendor', 'V', '--key', 'two/officer-1.pem')
  expect(again).toMatchObject({ exit: 1, err: expect.stringContaining('is a label that holds already') })
  expect(await readFile(join(folder, 'two-1.2.0.label.json'))).toEqual(held)
})

test('[C366] wrong uses are told in a line or two and end with 2, refusals with 1, and nothing of a key is ever said', async () => {
  await certify('label', 'keys', '--demo', '--out', 'wrong')
  await writeFile(join(folder, 'wrong.tgz'), ARCHIVE)
  await writeFile(join(folder, 'bad.json'), '{"plugin": 1}')
  await writeFile(join(folder, 'review.json'), JSON.stringify(reportOn(ARCHIVE, { verdict: 'review', checks: [...reportOn().checks, { id: 'A11Y-04', status: 'review', level: 'silver', gate: 'package', blocks: true }] })))
  const trust = ['--root', 'wrong/root.json', '--status', 'wrong/status.json']
  const sign = (...more: readonly string[]): Promise<Ran> => certify('label', 'sign', 'wrong.tgz', ...trust, '--vendor', 'V', ...more)
  const key = ['--key', 'wrong/officer-1.pem']
  const exits = {
    nothing: await certify('label'), unknown: await certify('label', 'stamp'), noKey: await sign('--report', 'bad.json'), noReport: await sign(...key), badReport: await sign('--report', 'bad.json', ...key),
    missingReport: await sign('--report', 'none.json', ...key), publicAsKey: await sign('--report', 'bad.json', '--key', 'wrong/officer-1.pub.pem'), notAKey: await sign('--report', 'bad.json', '--key', 'bad.json'),
    review: await sign('--report', 'review.json', ...key), noLabel: await certify('label', 'verify', 'wrong.tgz', ...trust), notAFile: await certify('label', 'verify', 'none.tgz', ...trust),
    badRoot: await certify('label', 'verify', 'wrong.tgz', '--root', 'bad.json'), badDay: await certify('label', 'verify', 'wrong.tgz', ...trust, '--at', 'soon'), badReason: await certify('label', 'suspend', '0', ...trust, ...key, '--reason', 'Because!'),
    noSuchLabel: await certify('label', 'suspend', 'agenda@9.9.9', ...trust, ...key, '--reason', 'security'), showJunk: await certify('label', 'show', 'wrong.tgz'),
  }
  expect(Object.fromEntries(Object.entries(exits).map(([name, { exit }]) => [name, exit]))).toEqual({
    nothing: 2, unknown: 2, noKey: 2, noReport: 2, badReport: 2, missingReport: 2, publicAsKey: 2, notAKey: 2, review: 3, noLabel: 1, notAFile: 2, badRoot: 1, badDay: 2, badReason: 2, noSuchLabel: 2, showJunk: 1,
  })
  const pem = (await readFile(join(folder, 'wrong/officer-1.pem'), 'utf8')).split('\n')[1] ?? 'none'
  for (const { out, err } of Object.values(exits)) {
    expect(out + err).not.toContain(pem)
    expect(out + err).not.toContain('it failed itself')
  }
})

test('[C365] whoever adds a signature sees what it says, and signs nothing that is of no known kind, was changed, or is not theirs to sign', async () => {
  await certify('label', 'keys', '--demo', '--out', 'add')
  await certify('label', 'keys', '--demo', '--out', 'foreign')
  await writeFile(join(folder, 'add-1.2.0.tgz'), ARCHIVE)
  await writeFile(join(folder, 'add.json'), JSON.stringify(reportOn(ARCHIVE, { checks: [...reportOn().checks, { id: 'SEC-04', status: 'skip', level: 'bronze', gate: 'package', blocks: false }] })))
  await certify('label', 'sign', 'add-1.2.0.tgz', '--report', 'add.json', '--root', 'add/root.json', '--status', 'add/status.json', '--vendor', 'V', '--key', 'add/officer-1.pem')
  const add = (file: string, ...more: readonly string[]): Promise<Ran> => certify('label', 'sign', file, ...more)
  const [root, key] = [['--root', 'add/root.json'], ['--key', 'add/officer-2.pem']]
  const label = await readFile(join(folder, 'add-1.2.0.label.json'), 'utf8')
  const { privatePem } = makeOfficerKey()
  await writeFile(join(folder, 'dossier.json'), writeEnvelope(signDocument('application/vnd.liberacces.deployment-dossier+json', {}, [readOfficerKey(privatePem, 'key')])))
  await writeFile(join(folder, 'bent.label.json'), label.replace('"payload":"ey', '"payload":"eY'))
  await writeFile(join(folder, 'changed.label.json'), writeEnvelope({ ...readEnvelope(Buffer.from(label), 'label'), payload: Buffer.from(readEnvelope(Buffer.from(label), 'label').payload.toString().replace('"vendor":"V"', '"vendor":"W"')) }))
  expect([
    (await add('dossier.json', ...root, ...key)).exit, (await add('bent.label.json', ...root, ...key)).exit, (await add('changed.label.json', ...root, ...key)).exit, (await add('add-1.2.0.label.json', ...key)).exit,
    (await add('add-1.2.0.label.json', ...root, '--key', 'foreign/officer-1.pem')).exit, (await add('add-1.2.0.label.json', '--root', 'foreign/root.json', ...key)).exit, (await add('add/root.json', '--key', 'foreign/officer-1.pem')).exit,
  ]).toEqual([2, 1, 1, 2, 1, 1, 1])
  expect(await readFile(join(folder, 'add-1.2.0.label.json'), 'utf8')).toBe(label)
  const added = await add('add-1.2.0.label.json', ...root, ...key)
  expect(added).toMatchObject({ exit: 0, out: expect.stringContaining('agenda 1.2.0, by V: Application compatible, grade silver') })
  expect(added.out).toContain('skipped  SEC-04')
  expect(added.out).toContain('has 2 signatures now')
})
