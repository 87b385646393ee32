import { readFile } from 'node:fs/promises'
import { archiveDigests, digestOf } from '@liberacces/core'
import { expect, test } from 'vitest'
import { harnessDigest } from '../../src/harness/harness-digest.ts'
import { replayOf } from '../../src/label/replay-label.ts'
import { testResultOf } from '../../src/label/test-result.ts'
import { ARCHIVE, reportOn } from './label-kit.ts'

test('[C376] the result beside a label holds all that the verdict depends on, and another verdict shows check by check', async () => {
  const harness = await harnessDigest()
  const { sha256 } = archiveDigests(ARCHIVE)
  const result = testResultOf(reportOn(ARCHIVE, { harness, inputs: [{ name: 'previous', digest: digestOf(Buffer.from('before')) }] }), sha256)
  expect(result.predicate).toMatchObject({ result: 'PASSED', passedTests: ['LIC-03', 'MAN-01'], seed: 42, grade: 'silver', platform: '0.1.0' })
  expect(replayOf(result, reportOn(ARCHIVE, { harness, inputs: [{ name: 'previous', digest: digestOf(Buffer.from('before')) }] }))).toEqual({ same: true, differences: [], conditions: [] })
  const conditionsWith = (inputs: readonly { readonly name: string; readonly digest: string }[]): readonly string[] => replayOf(result, reportOn(ARCHIVE, { harness, inputs: [...inputs] })).conditions
  expect(conditionsWith([])).toEqual(['Then --previous was given, and now it is not.'])
  expect(conditionsWith([{ name: 'advisories', digest: harness.digest }, { name: 'previous', digest: harness.digest }])).toEqual(['Now --advisories is given, and then it was not.', 'What --previous gives is not what it gave then.'])
  const other = reportOn(ARCHIVE, { seed: 7, platform: '0.2.0', checks: [{ id: 'MAN-01', status: 'fail', level: 'bronze', gate: 'package', blocks: true }, { id: 'EVT-02', status: 'pass', level: 'bronze', gate: 'package', blocks: false }] })
  expect(replayOf(result, other)).toEqual({
    same: false,
    differences: [{ check: 'EVT-02', before: 'not run', after: 'pass' }, { check: 'LIC-03', before: 'pass', after: 'not run' }, { check: 'MAN-01', before: 'pass', after: 'fail' }],
    conditions: ['The code of the harness is another one.', 'Then --previous was given, and now it is not.', 'The platform is 0.2.0; it was 0.1.0.', 'The seed is 7; it was 42.'],
  })
  expect(() => replayOf(result, reportOn(Buffer.from('other')))).toThrow(TypeError)
  // The digest is of the harness's own code: the same as long as nobody changes it.
  expect(await harnessDigest()).toEqual(harness)
  expect(harness.version).toBe((JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version)
})
